// The whole daily work without a pointer: Tab, arrows, Enter, Space, and what is typed.

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";
import { choose, press, tabTo, write } from "./support/keys.js";
import { sample } from "./support/places.js";
import { connect, invite, join, shared, syncNow } from "./support/sharing.js";
import { addCustomer, editCustomer } from "./support/shop.js";

const DESK = { width: 1280, height: 800 };

for (const lang of ["zh", "en"]) {
  journey(`customers, ticks and checks are entered by keys alone (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang, ...DESK });
    const keys = page.keyboard;
    await sample(app);

    await app.go("/customers");
    await keys.press("n");
    await write(page, app.field("姓名", "Name"), app.say("欧阳修远", "Ouyang Xiuyuan"));
    await write(page, app.field("电话", "Phone"), "13912345678");
    await keys.press("Control+Enter");
    await page.getByRole("heading", { name: app.say("欧阳修远", "Ouyang Xiuyuan"), exact: true }).waitFor();

    // The tabs of the card by arrows, Home and End; its menu by arrows too.
    const tab = (zh, en) => page.getByRole("tab", { name: app.say(zh, en), exact: true });
    await tabTo(page, tab("往来", "Dealings"));
    for (const [key, zh, en] of [["ArrowRight", "资料", "Data"], ["End", "修改记录", "History"], ["ArrowRight", "往来", "Dealings"], ["ArrowLeft", "修改记录", "History"], ["Home", "往来", "Dealings"]]) {
      await keys.press(key);
      await page.getByRole("tab", { name: app.say(zh, en), exact: true, selected: true }).and(page.locator(":focus")).waitFor();
    }
    const more = page.locator(".card-pane").getByRole("button", { name: app.say("更多操作", "More actions"), exact: true });
    await press(page, more, "ArrowDown");
    const entries = page.locator(".card-pane .menu li button");
    await entries.first().and(page.locator(":focus")).waitFor();
    await keys.press("ArrowUp");
    await entries.last().and(page.locator(":focus")).waitFor();
    await keys.press("Home");
    await entries.first().and(page.locator(":focus")).waitFor();
    await keys.press("Escape");
    await more.and(page.locator(":focus")).waitFor();
    assert.equal(await more.getAttribute("aria-expanded"), "false");

    await app.go("/standards");
    await keys.press("n");
    await press(page, page.getByRole("checkbox").first(), "Space");
    await press(page, app.button("保存 1 / 7", "Save 1 / 7"));
    await app.sees("今日已记 1 位", "1 noted today");

    await app.go("/standards");
    await press(page, app.link("开始检查", "New check"));
    await press(page, app.button("开始", "Start"));
    await answerAll(page, app.button("完成检查", "Complete the check"));
    await page.locator(".check-head progress[value='1']").waitFor();
    await keys.press("Enter");
    await app.sees("检查结果", "Result of the check");
  });

  journey(`a complaint goes from the first word to its end by keys alone (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang, ...DESK });
    const keys = page.keyboard;
    const saved = () => page.locator("[aria-busy=true]").waitFor({ state: "detached" });
    const radio = (zh, en) => page.getByRole("radio", { name: app.say(zh, en), exact: true });
    await app.go("/complaints");
    await keys.press("n");
    await write(page, app.field("客户原话", "In their own words"), app.say("鞋底开胶", "The sole came off"));
    await choose(page, radio("匿名", "Anonymous"));
    await choose(page, radio("商品", "Goods"));
    await keys.press("Control+Enter");
    await press(page, app.link("开始处理", "Begin handling"));

    const steps = [
      [["打开这一步", "Open this step"], ["准备好了吗（可留空）", "Ready? (may be left empty)"]],
      [["记下事实", "Note the facts"]],
      [["记下确认的话", "Note what was confirmed"]],
      [["记下道歉", "Note the apology"]],
      [["记下方案", "Note the remedy"]],
    ];
    for (const [[zh, en]] of steps) {
      await press(page, app.button(zh, en));
      const card = page.locator(".step-card textarea");
      for (const field of await card.all()) await write(page, field, app.say("说清楚了", "It was said"));
      await keys.press("Control+Enter");
      await app.button(zh, en).waitFor({ state: "detached" });
      await saved();
    }
    const sheet = page.getByRole("dialog");
    await press(page, app.button("记下已答复", "Note that it was answered"));
    await sheet.waitFor();
    await write(page, sheet.getByLabel(app.say("原因", "Reason"), { exact: true }), app.say("电话里说了", "By telephone"));
    await keys.press("Control+Enter");
    await sheet.waitFor({ state: "hidden" });
    await press(page, page.locator(".next").getByRole("button", { name: app.say("结案", "Close"), exact: true }));
    await sheet.waitFor();
    await write(page, sheet.getByLabel(app.say("处理决定", "Decision"), { exact: true }), app.say("换一双", "A new pair"));
    await choose(page, sheet.getByRole("radio", { name: app.say("接受", "Accepts"), exact: true }));
    await write(page, sheet.getByLabel(app.say("客户怎么说（原话）", "What the customer says (their words)"), { exact: true }), app.say("可以", "Agreed"));
    await keys.press("Control+Enter");
    await sheet.waitFor({ state: "hidden" });
    await page.locator(".next[data-ended]").waitFor();
  });

  journey(`two values are settled and a device is invited by keys alone (${lang})`, async (shop) => {
    const a = await shop.device("A", { lang, ...DESK });
    const b = await shop.device("B", { lang });
    const { app, page } = a;
    await connect(app, shop.endpoint);
    const card = await addCustomer(app, { name: app.say("欧阳修远", "Ouyang Xiuyuan"), phone: "13912345678" });
    await join(b.app, await invite(app));
    await Promise.all([a.setOffline(true), b.setOffline(true)]);
    const address = app.say("地址", "Address");
    await editCustomer(app, card, { [address]: "A 1" });
    await editCustomer(b.app, card, { [address]: "B 2" });
    await Promise.all([a.setOffline(false), b.setOffline(false)]);
    await Promise.all([shared(app), shared(b.app)]);
    await syncNow(b.app);
    await syncNow(app);

    await app.go(card);
    await press(page, app.page.getByRole("button", { name: app.say("保留这个 B 2", "Keep this B 2"), exact: true }));
    await app.sees("已保留这个版本。", "This version is kept.");

    await app.go("/more/devices");
    await choose(page, page.getByRole("radio", { name: app.say("只读", "Viewer"), exact: true }));
    await press(page, app.button("生成邀请", "Make an invitation"));
    const link = app.field("邀请链接（7 天内有效）", "Invitation link (valid for 7 days)");
    await tabTo(page, link);
    assert.match(await link.inputValue(), /#\/join\?i=/);
    await tabTo(page, app.button("复制", "Copy"));
  });

  journey(`a window takes the focus, keeps it and gives it back (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang, ...DESK });
    const keys = page.keyboard;
    await app.go("/more/gallery");
    for (const [zh, en] of [["提问", "A question"], ["窗口", "A window"], ["工作单", "A sheet"]]) {
      const opener = app.button(zh, en);
      await press(page, opener);
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      await dialog.locator(":focus").waitFor();
      // Round and round: the focus is in the window or, between its last and its first control, nowhere in the page.
      for (let n = 0; n < 12; n += 1) {
        await keys.press(n % 4 ? "Tab" : "Shift+Tab");
        assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest("dialog")));
      }
      await keys.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      await opener.and(page.locator(":focus")).waitFor();
    }

    // The palette: what is found is chosen by the arrows while the focus stays in the box.
    const before = app.button("窗口", "A window");
    await tabTo(page, before);
    await keys.press("Control+k");
    const box = page.getByRole("combobox", { name: app.say("客户、编号或要去的地方", "Customer, number or place") });
    await box.and(page.locator(":focus")).waitFor();
    const marked = () => page.getByRole("dialog").getByRole("option", { selected: true }).innerText();
    const first = await marked();
    await keys.press("ArrowDown");
    assert.notEqual(await marked(), first);
    await keys.press("ArrowUp");
    assert.equal(await marked(), first);
    await keys.press("Escape");
    await before.and(page.locator(":focus")).waitFor();
  });
}

/** Answers every item of a check as the focus comes to it, until it is on the button that completes it. */
async function answerAll(page, complete) {
  await complete.waitFor();
  for (let n = 0; n < 400; n += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      return { radio: element.type === "radio" && !element.checked, dots: Boolean(element.closest(".dots")), text: element.matches(".items textarea, .items input[type=text]"), button: element.innerText };
    });
    if (at.radio) await page.keyboard.press(at.dots ? "End" : "Space");
    if (at.radio && at.dots) await page.keyboard.press("ArrowLeft");
    if (at.text) await page.keyboard.type("1");
    if (await complete.evaluate((button) => button === document.activeElement)) return;
  }
  throw new Error("no Tab leads to the end of the check");
}
