// A customer who is erased for good (G5): gone from every screen of every device, with all that belongs to them.

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";
import { look } from "./support/look.js";
import { connect, invite, join, shared, syncNow } from "./support/sharing.js";
import { addCustomer, findCustomer } from "./support/shop.js";

const PHONE = "13800138000";
const SHOWN = "138 0013 8000";
/** In every form in which the archive or a screen would have it. */
const PHONES = [PHONE, SHOWN];

/** What is noted of the customer, in the language of the screens. */
function texts(app) {
  return {
    name: app.say("唐玄奘", "Anna Lee"),
    other: app.say("孙悟空", "Tom Hill"),
    typed: app.say(" 唐　玄奘", "ａnna  LEE "),
    dealing: app.say("谈了取经的路费", "Talked about the fare"),
    task: app.say("寄通关文牒", "Send the papers"),
    complaint: app.say("袈裟开线了", "The robe has come apart"),
    draft: app.say("还没保存的地址", "An address not saved yet"),
  };
}

for (const lang of ["zh", "en"]) {
  journey(`an erased customer is gone from both devices (${lang})`, async (shop) => {
    const a = await shop.device("A", { lang });
    const b = await shop.device("B", { lang, width: 1024, height: 768 });
    const of = texts(a.app);
    await addCustomer(a.app, { name: of.other });
    const card = await addCustomer(a.app, { name: of.name, phone: PHONE });
    await note(a.app, card, "dealing", ["要点", "Main points"], of.dealing);
    await note(a.app, card, "task", ["内容", "What to do"], of.task);
    const complaint = await complain(a.app, card, of.complaint);
    await connect(a.app, shop.endpoint);
    await join(b.app, await invite(a.app));

    // Whoever is no owner learns what is held, and who may erase it.
    await b.app.go(complaint);
    await b.app.sees(of.name);
    await b.app.go(card);
    const asked = await openSheet(b.app);
    await asked.getByText(b.app.say("只有负责人的设备可以彻底抹去资料", "Only the device of an owner may erase")).waitFor();
    assert.equal(await asked.getByRole("textbox").count(), 0);
    await asked.getByRole("button", { name: b.app.say("关闭", "Close"), exact: true }).click();
    // An edit is under way while the erasure comes.
    await b.app.go(`${card}/edit`);
    await b.app.field("地址", "Address").fill(of.draft);
    assert.notEqual(await drafts(b), 0);

    await a.app.go(card);
    await menu(a.app, "存了什么", "What is held");
    for (const text of [of.dealing, of.task]) await a.app.sees(text);
    const held = await a.page.locator(".card-pane").innerText();
    // On the card, and on the complaint as it was taken.
    assert.equal(held.split(SHOWN).length - 1, 2);
    const found = await look(a.app, `held ${lang} * light`);

    await a.app.go(card);
    const sheet = await openSheet(a.app);
    await assertCounts(sheet, a.app, { 客户: 1, 往来: 1, 任务: 1, 投诉: 1 }, { Customer: 1, Dealing: 1, Task: 1, Complaint: 1 });
    found.push(...(await look(a.app, `erase ${lang} * light`)));
    assert.deepEqual(found, []);
    await confirm(a.app, sheet, a.app.say("唐僧", "Anna"));
    await sheet.getByText(a.app.say("和姓名不一样", "This is not the name")).waitFor();
    await confirm(a.app, sheet, of.typed);
    await a.app.sees("已彻底抹去。", "Erased for good.");
    assert.equal(await a.app.button("撤销", "Undo").count(), 0, "nothing is offered that cannot be done");
    assert.equal(a.app.route(), "/customers");

    await shared(a.app);
    await syncNow(b.app);
    await b.app.sees("这位客户的资料已被彻底抹去", "This customer was erased");
    await b.app.sees("没保存的内容里有属于已抹去客户的", "Unsaved text about an erased customer");
    assert.equal(await b.app.field("地址", "Address").count(), 0, "the form is gone");
    assert.equal(await drafts(b), 0);
    for (const device of [a, b]) await assertGone(device, { card, complaint, of });
  });
}

journey("what another device notes meanwhile is found, and goes too", async (shop) => {
  const a = await shop.device("A");
  const b = await shop.device("B", { width: 1024, height: 768 });
  const of = texts(a.app);
  const card = await addCustomer(a.app, { name: of.name, phone: PHONE });
  const complaint = await complain(a.app, card, `${of.name}说${of.complaint}`);
  await connect(a.app, shop.endpoint);
  await join(b.app, await invite(a.app));
  await b.setOffline(true);

  // From the recycle bin, with what is written in the complaint.
  await a.app.go(card);
  await menu(a.app, "移到回收站", "Move to the recycle bin");
  await a.app.go("/customers/bin");
  await a.app.button(`彻底抹去“${of.name}”…`).click();
  const sheet = a.app.page.getByRole("dialog");
  await sheet.getByRole("checkbox", { name: /连同里面的文字和照片一起抹去/ }).check();
  await confirm(a.app, sheet, of.name);
  await a.app.sees("已彻底抹去。");
  await a.app.sees("回收站是空的");
  await a.app.go(complaint);
  await a.app.sees("（已抹去）");
  await a.app.go(`${complaint}/edit`);
  await a.app.sees("已抹去，不再填写。");
  await shared(a.app);

  // It does not know yet.
  await note(b.app, card, "dealing", ["要点", "Main points"], of.dealing);
  await b.setOffline(false);
  await shared(b.app);
  await syncNow(b.app);
  await b.app.sees("这位客户的资料已被彻底抹去");
  await syncNow(a.app);
  await a.app.go("/customers/bin");
  await a.app.page.getByRole("link", { name: /一位已彻底抹去的客户/ }).click();
  await a.app.sees("抹去以后又收到了这位客户的记录");
  await a.app.button("也抹去").click();
  await a.app.button("彻底抹去").click();
  await a.app.page.getByText("抹去以后又收到了这位客户的记录").waitFor({ state: "detached" });
  await shared(a.app);
  await syncNow(b.app);
  for (const { app } of [a, b]) {
    const left = JSON.stringify((await app.archive()).kinds);
    for (const text of [of.name, of.dealing, of.complaint]) assert.ok(!left.includes(text), text);
  }
});

/** Chooses an action of the card's menu. */
async function menu(app, zh, en) {
  await app.button("更多操作", "More actions").click();
  await app.button(zh, en).click();
}

/** Opens the sheet that asks, from the card. */
async function openSheet(app) {
  await menu(app, "彻底抹去…", "Erase for good…");
  const sheet = app.page.getByRole("dialog");
  await sheet.waitFor();
  return sheet;
}

async function confirm(app, sheet, name) {
  await sheet.getByRole("textbox").fill(name);
  await sheet.getByRole("button", { name: app.say("彻底抹去", "Erase for good"), exact: true }).click();
}

/** The sheet counts what goes and what stays. */
async function assertCounts(sheet, app, zh, en) {
  const shown = await sheet.locator("dl > *").allInnerTexts();
  const lines = shown.map((line) => line.replace(/\s+/g, " ").trim());
  const counts = Object.entries(app.lang === "zh" ? zh : en).map(([kind, count]) => `${kind} ${count}`);
  assert.deepEqual(lines, counts);
}

/** Notes something of a customer, by the field that says what. */
async function note(app, card, kind, field, text) {
  await app.go(`${card}/new/${kind}`);
  await app.field(...field).fill(text);
  await app.button("保存", "Save").click();
  await app.page.waitForURL((url) => !url.hash.includes("/new/"));
}

/** Takes a complaint of a customer. Returns its route. */
async function complain(app, card, words) {
  await app.go(`/complaints/new?customer=${card.split("/").pop()}`);
  await app.field("客户原话", "In their own words").fill(words);
  await app.button("记下", "Save").click();
  await app.page.locator(".taken .number").waitFor();
  await app.go("/complaints");
  return (await app.page.locator("a.row").first().getAttribute("href")).slice(1);
}

/** How many forms have a text that is not saved. */
async function drafts(device) {
  return device.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("dianbu.draft.")).length);
}

/** No screen of a device and nothing that leaves it has the customer; the complaint stays. */
async function assertGone({ app, page }, { card, complaint, of }) {
  const secret = [of.name, of.dealing, of.task, of.draft, ...PHONES];
  const hides = async () => {
    const seen = await page.locator("main").innerText();
    for (const text of secret) assert.ok(!seen.includes(text), text);
  };
  await app.go("/customers");
  for (const search of [of.name, PHONE]) {
    await page.getByRole("searchbox").fill(search);
    await app.sees("没有符合的客户", "Nobody fits");
  }
  await findCustomer(app, of.other);
  await app.go("/customers/bin");
  await app.sees("回收站是空的", "The recycle bin is empty");
  await hides();
  await app.go(card);
  await app.sees("这位客户的资料已被彻底抹去", "This customer was erased");
  await hides();
  await app.go(complaint);
  await app.sees(of.complaint);
  await app.sees("已抹去", "Erased");
  await hides();
  await app.go("/");
  await hides();
  const left = await app.archive();
  assert.equal(left.live("complaint").length, 1);
  const text = JSON.stringify(left.kinds);
  for (const gone of secret) assert.ok(!text.includes(gone), gone);
  assert.ok(text.includes(of.complaint));
}
