// What the system does with the app: it installs it, shares with it, opens files with it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { FIXTURES, journey } from "./support/journey.js";
import { atRest, placesOf } from "./support/rest.js";
import { countCustomers } from "./support/shop.js";

const CARD = ["BEGIN:VCARD", "VERSION:3.0", "FN:司徒静远", "TEL:13912345678", "ORG:静远茶舍", "END:VCARD", ""].join("\r\n");

journey("the manifest is whole and what it names is there", async (shop) => {
  const { app, page } = await shop.device("A");
  await app.go("/");
  const browser = await page.context().newCDPSession(page);
  const { errors, data } = await browser.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  assert.deepEqual((await browser.send("Page.getInstallabilityErrors")).installabilityErrors, []);
  const manifest = JSON.parse(data);
  const pictures = [...manifest.icons, ...manifest.screenshots, ...manifest.shortcuts.flatMap(({ icons }) => icons)];
  for (const { src, sizes } of pictures) {
    const real = await page.evaluate(async (src) => {
      const picture = new Image();
      picture.src = src;
      await picture.decode();
      return `${picture.naturalWidth}x${picture.naturalHeight}`;
    }, src);
    if (sizes !== "any") assert.equal(real, sizes, src);
  }
  for (const form of ["narrow", "wide"]) assert.ok(manifest.screenshots.some(({ form_factor }) => form_factor === form), form);
});

for (const lang of ["zh", "en"]) {
  journey(`a card that another app shares comes into the import, and lies nowhere (${lang})`, async (shop) => {
    const device = await shop.device("A", { lang });
    const { app, page } = device;
    await app.go("/");
    await device.offlineReady();
    await device.setOffline(true);
    await share(device, { file: { name: "司徒.vcf", mimeType: "text/x-vcard", buffer: Buffer.from(CARD) } });
    await app.sees("各列的去向", "Where each column goes");
    await app.sees("司徒静远");
    assert.equal(app.route(), "/more/import");
    assert.deepEqual(placesOf(["司徒静远", "13912345678"], await atRest(page)), []);
    assert.deepEqual(await kept(page, "司徒静远"), []);
    await app.button("试运行", "Dry run").click();
    await app.importPlanned({ fresh: 1 });
    assert.equal(await countCustomers(app), 1);

    // What was taken is gone: an address from the history says so, and does not stay.
    await app.go("/more");
    await app.go("/more/import?given=share");
    await app.sees("没有收到文件", "The file did not arrive");
    await app.reload();
    await page.getByText(app.say("选择文件", "Choose a file"), { exact: true }).waitFor();
    assert.equal(await page.locator(".banner").count(), 0);
  });

  journey(`a text that another app shares fills in a new customer (${lang})`, async (shop) => {
    const device = await shop.device("A", { lang });
    const { app, page } = device;
    await app.go("/");
    await device.offlineReady();
    await share(device, { text: "李雷，手机：13800138000\n想要三十份中秋礼盒" });
    await page.waitForURL((url) => url.hash === "#/customers/new");
    const name = app.field("姓名", "Name");
    await page.waitForFunction(() => [...document.querySelectorAll("input")].some((input) => input.value === "李雷"));
    assert.equal(await name.inputValue(), "李雷");
    assert.equal(await app.field("电话", "Phone").inputValue(), "13800138000");
    // Nothing is in the book before the person says so.
    await app.button("保存", "Save").click();
    await page.getByRole("heading", { name: "李雷", exact: true }).waitFor();
    await page.getByRole("tab", { name: app.say("资料", "Data"), exact: true }).click();
    await app.sees("想要三十份中秋礼盒");
  });

  journey(`a file that is opened with the app comes into the import (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang });
    // The queue is the system's, and nothing can put a file into it here: in its place stands one that can be filled.
    await page.addInitScript(() => {
      const queue = { setConsumer: (consumer) => (globalThis.launch = consumer) };
      Object.defineProperty(globalThis, "launchQueue", { value: queue });
    });
    await app.go("/more");
    const list = await readFile(path.join(FIXTURES, "customers-zh.gb18030.csv"));
    for (const name of ["客户.csv", "再来.csv"]) {
      await page.evaluate(
        ([name, bytes]) => globalThis.launch({ files: [{ getFile: async () => new File([new Uint8Array(bytes)], name) }] }),
        [name, [...list]],
      );
      await app.sees(`${name}：`, `${name}: `);
    }
    await app.sees("各列的去向", "Where each column goes");
  });
}

/** Shares something with the app, as the system does: a form is posted from outside of it. */
async function share({ page, origin }, { file, text = "" }) {
  await page.goto("about:blank");
  await page.setContent(`
    <form method="post" enctype="multipart/form-data" action="${origin}/share">
      <input name="title"><input name="url"><textarea name="text"></textarea><input name="file" type="file"><button>share</button>
    </form>`);
  await page.locator("textarea").fill(text);
  if (file) await page.locator("[type=file]").setInputFiles(file);
  await page.locator("button").click();
  await page.locator("main h1").last().waitFor();
}

/** The kept answers that hold a word. */
async function kept(page, word) {
  return page.evaluate(async (word) => {
    const found = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        if ((await (await cache.match(request)).text()).includes(word)) found.push(request.url);
      }
    }
    return found;
  }, word);
}

for (const scheme of ["light", "dark"]) {
  journey(`the seal is in its place and colours before any style sheet or code has come (${scheme})`, async (shop) => {
    const { app, page } = await shop.device("A", { scheme });
    await page.route(/\.css$|\.wasm$/, async (route) => {
      await new Promise((done) => setTimeout(done, 1_000));
      await route.continue();
    });
    const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.goto(shop.endpoint.origin, { waitUntil: "commit" });
    const seal = page.locator("#boot img");
    await seal.waitFor();
    assert.match(await seal.getAttribute("src"), /^data:image\/svg\+xml,/);
    assert.equal(await seal.evaluate((image) => image.naturalWidth > 0), true);
    const [aside, above] = await seal.evaluate((image) => {
      const { left, right, top, bottom } = image.getBoundingClientRect();
      return [left - (innerWidth - right), top - (innerHeight - bottom)];
    });
    assert.ok(Math.abs(aside) < 2 && Math.abs(above) < 100, `${aside}, ${above} px out of the middle`);
    const first = await paper();
    assert.equal(await page.evaluate(() => document.styleSheets.length), 1, "the style sheet has not come yet");
    await app.started();
    assert.equal(await page.locator("#boot").count(), 0);
    assert.equal(await paper(), first);
  });
}
