// Photos and signatures as evidence: taken into a complaint and a check, kept through a closed tab and without a network,
// seen on another device, and gone with what is erased.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { strFromU8, unzipSync } from "fflate";

import { journey } from "./support/journey.js";
import { look } from "./support/look.js";
import { allFiles } from "./support/objects.js";
import { picture } from "./support/picture.js";
import { connect, invite, join, shared, syncNow } from "./support/sharing.js";
import { addCustomer } from "./support/shop.js";

for (const lang of ["zh", "en"]) {
  journey(`a photo of a complaint reaches another device and outlives everything but an erasure (${lang})`, async (shop) => {
    const a = await shop.device("A", { lang });
    const b = await shop.device("B", { lang, width: 1024, height: 768 });
    const name = a.app.say("唐玄奘", "Anna Lee");
    const card = await addCustomer(a.app, { name, phone: "13800138000" });
    await connect(a.app, shop.endpoint);
    await join(b.app, await invite(a.app));

    // Without a network, and over a closed tab: the form has it still.
    await a.setOffline(true);
    const found = [];
    await a.app.go(`/complaints/new?customer=${card.split("/").pop()}`);
    await a.app.field("客户原话", "In their own words").fill(a.app.say("杯子碎了", "The cup is broken"));
    await attach(a, "照片", "Photos", [await picture(a.page, "#c03a2b"), await picture(a.page, "#2b6cc0")]);
    await seen(a, "照片", "Photos", 2);
    await a.app.reload();
    await seen(a, "照片", "Photos", 2);
    found.push(...(await look(a.app, `intake with photos ${lang} * light`)));
    await a.page.getByRole("group", { name: a.app.say("照片", "Photos"), exact: true }).getByRole("button").first().click();
    await a.page.getByRole("dialog").getByRole("button", { name: a.app.say("移除这张照片", "Remove this photo") }).click();
    await seen(a, "照片", "Photos", 1);
    await a.app.button("撤销", "Undo").click();
    await seen(a, "照片", "Photos", 2);
    await a.app.button("记下", "Save").click();
    await a.app.page.locator(".taken .number").waitFor();
    await a.app.go("/complaints");
    const complaint = (await a.page.locator("a.row").first().getAttribute("href")).slice(1);
    await a.app.go(complaint);
    await seen(a, "照片", "Photos", 2);
    found.push(...(await look(a.app, `complaint with photos ${lang} * light`)));
    assert.equal((await photosInBucket(shop)).length, 0);

    // The text comes first; the pictures follow it.
    await a.setOffline(false);
    await shared(a.app);
    assert.equal((await photosInBucket(shop)).length, 2);
    await syncNow(b.app);
    const before = (await fetched(shop)).length;
    await b.app.go("/complaints");
    assert.equal((await fetched(shop)).length, before, "a list asks for no pictures");
    await b.app.go(complaint);
    await seen(b, "照片", "Photos", 2);
    assert.equal((await fetched(shop)).length, before + 2);
    // Once here, it needs no network any more.
    await b.setOffline(true);
    await b.app.reload();
    await seen(b, "照片", "Photos", 2);
    assert.deepEqual(await colours(b), await colours(a));
    await b.setOffline(false);
    assert.equal((await fetched(shop)).length, before + 2);
    found.push(...(await look(b.app, `complaint with photos on a tablet ${lang} * light`)));
    assert.deepEqual(found, []);

    await a.page.getByRole("group", { name: a.app.say("照片", "Photos"), exact: true }).getByRole("button").first().click();
    assert.equal(await a.page.getByRole("dialog").getByRole("button", { name: a.app.say("移除这张照片", "Remove this photo") }).count(), 0, "a card is for looking");
    await a.page.keyboard.press("Escape");

    // Everything leaves, the pictures as files.
    await a.app.go("/more/export");
    const zip = unzipSync(await readFile(await a.app.download(a.app.button("导出全部", "Export everything"))));
    const pictures = Object.keys(zip).filter((file) => /^photos\/.+\.jpg$/.test(file));
    assert.equal(pictures.length, 2);
    const [record] = strFromU8(zip["complaint.jsonl"]).split("\n").filter(Boolean).map((line) => JSON.parse(line));
    assert.deepEqual([...record.fields.photos].sort(), pictures.sort());
    for (const file of pictures) assert.ok(!Buffer.from(zip[file]).includes("Exif"), "nothing of the camera is in it");

    // The customer goes, and with the words the pictures.
    await a.app.go(card);
    await a.app.button("更多操作", "More actions").click();
    await a.app.button("彻底抹去…", "Erase for good…").click();
    const sheet = a.page.getByRole("dialog");
    await sheet.getByRole("checkbox", { name: a.app.say("连同里面的文字和照片一起抹去", "Erase what is written and pictured in them too") }).check();
    await sheet.getByRole("textbox").fill(name);
    await sheet.getByRole("button", { name: a.app.say("彻底抹去", "Erase for good"), exact: true }).click();
    await a.app.sees("已彻底抹去。", "Erased for good.");
    for (let n = 0; n < 12 && (await photosInBucket(shop)).length + (await kept(a)) + (await kept(b)) > 0; n += 1) {
      for (const device of [a, b]) await syncNow(device.app);
    }
    assert.deepEqual(await photosInBucket(shop), []);
    assert.deepEqual([await kept(a), await kept(b)], [0, 0]);
  });
}

journey("a picture that another device has not sent yet says so, and one that was exchanged is not taken", async (shop) => {
  const a = await shop.device("A");
  const b = await shop.device("B", { width: 1024, height: 768 });
  await connect(a.app, shop.endpoint);
  await join(b.app, await invite(a.app));
  // The bucket takes what is written and refuses the pictures, as a network that breaks off does.
  await a.context.route(/\/b\//, (route) => route.abort());
  await a.app.go("/complaints/new");
  await a.app.field("客户原话").fill("杯子碎了");
  await a.app.page.getByRole("radio", { name: "匿名", exact: true }).check();
  await attach(a, "照片", "Photos", [await picture(a.page, "#c03a2b")]);
  await seen(a, "照片", "Photos", 1);
  await a.app.button("记下").click();
  await a.app.page.locator(".taken .number").waitFor();
  await syncNow(a.app);
  await syncNow(b.app);
  await b.app.go("/complaints");
  await b.app.go((await b.page.locator("a.row").first().getAttribute("href")).slice(1));
  await b.app.sees("杯子碎了");
  await b.app.sees("还没有从");
  await a.context.unroute(/\/b\//);
  await syncNow(a.app);
  await shared(a.app);
  // It comes by itself with the next round.
  const [object] = (await allFiles(shop.endpoint.objects)).filter(({ file }) => file.includes("/b/"));
  const changed = Buffer.from(object.bytes);
  changed[changed.length >> 1] ^= 1;
  await writeFile(object.file, changed);
  await syncNow(b.app);
  await b.app.sees("传来的照片已损坏或被换过");
  await writeFile(object.file, object.bytes);
  await syncNow(b.app);
  await seen(b, "照片", "Photos", 1);
});

journey("a check asks for a photo and a signature, and a failure for a picture of it", async (shop) => {
  const { app, page } = await shop.device("A");
  await app.go("/standards");
  await app.button("新建").click();
  await app.field("名称").fill("收货");
  await app.button("添加步骤").click();
  await app.field("标题").fill("到货");
  await addItem(app, "货物没有破损", "合格 / 不合格", "不合格必须拍照");
  await addItem(app, "外箱", "照片");
  await addItem(app, "送货人", "签名");
  await app.button("发布").click();
  const publish = page.getByRole("dialog");
  await publish.getByLabel("改了什么").fill("第一版");
  await publish.getByRole("button", { name: "发布", exact: true }).click();
  await publish.waitFor({ state: "hidden" });
  await app.link("开始检查").click();
  await app.button("开始").click();
  const items = page.locator(".items > li");
  await items.nth(0).getByRole("radio", { name: "不合格", exact: true }).check();
  await app.button("完成检查").click();
  await app.sees("请拍下不合格的地方。");
  await attach({ app, page }, "照片", "Photos", [await picture(page, "#c03a2b")], items.nth(0));
  await attach({ app, page }, "外箱", "外箱", [await picture(page, "#2b6cc0")], items.nth(1));
  await items.nth(2).getByRole("button", { name: "改为输入姓名" }).click();
  await items.nth(2).getByRole("textbox").fill("欧阳小丫");
  await page.keyboard.press("Enter");
  await items.nth(2).locator("img").waitFor();
  await page.locator(".check-head progress[value='1']").waitFor();
  await app.button("完成检查").click();
  await app.sees("检查结果");
  await page.waitForFunction(() => [...document.querySelectorAll("main [data-picture=here] img")].filter((image) => image.naturalWidth > 0).length === 3);
  assert.deepEqual(await look(app, "check with photos zh * light"), []);
});

/** Adds an item to the first section of a standard that is being edited. */
async function addItem(app, text, kind, mark) {
  await app.button("添加条目").click();
  const sheet = app.page.getByRole("dialog");
  await sheet.getByLabel("要做到什么", { exact: true }).fill(text);
  await sheet.getByRole("radio", { name: kind, exact: true }).check();
  if (mark) await sheet.getByRole("checkbox", { name: mark, exact: true }).check();
  await sheet.getByRole("button", { name: "确定", exact: true }).click();
  await sheet.waitFor({ state: "hidden" });
}

/** Adds files to a group of photos. */
async function attach({ app, page }, zh, en, files, within = page) {
  const group = within.getByRole("group", { name: app.say(zh, en), exact: true });
  await group.locator("input[type=file]").setInputFiles(files);
}

/** Waits until a group shows so many pictures. */
async function seen({ app, page }, zh, en, count) {
  const group = page.getByRole("group", { name: app.say(zh, en), exact: true });
  await group.locator("[data-picture=here] img").nth(count - 1).waitFor();
  assert.equal(await group.locator("[data-picture]").count(), count);
}

/** The colours in the middle of the pictures on the screen, in order. */
async function colours({ page }) {
  return page.evaluate(async () => {
    const all = [];
    for (const image of document.querySelectorAll("main [data-picture=here] img")) {
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
      const draw = canvas.getContext("2d");
      draw.drawImage(image, 0, 0, 1, 1);
      all.push([...draw.getImageData(0, 0, 1, 1).data].join());
    }
    return all.sort();
  });
}

/** How many pictures lie in the browser's database. */
async function kept({ page }) {
  return page.evaluate(async () => {
    const done = (request) => new Promise((give, fail) => Object.assign(request, { onsuccess: () => give(request.result), onerror: () => fail(request.error) }));
    const database = await done(indexedDB.open("dianbu"));
    const keys = await done(database.transaction("photos").objectStore("photos").getAllKeys());
    database.close();
    return keys.length;
  });
}

/** The names of photos in the bucket. */
async function photosInBucket(shop) {
  const files = await allFiles(shop.endpoint.objects).catch(() => []);
  return files.map(({ file }) => file).filter((file) => file.includes("/b/"));
}

/** The requests for photos so far. */
async function fetched(shop) {
  return (await shop.endpoint.requests()).filter(({ method, name }) => method === "GET" && name?.includes("/b/"));
}
