// Whatever comes from outside is text: names, cells, contact cards and links that try to be markup, code, a formula, or
// to turn what stands beside them around. They come by file, by hand and from another device.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { parse } from "csv-parse/sync";

import { fillForm } from "./support/form.js";
import { journey } from "./support/journey.js";
import { connect, invite, join, shared, syncNow } from "./support/sharing.js";
import { addCustomer, countCustomers, editCustomer, takeComplaint } from "./support/shop.js";

/** Each would set `harm` if anything of it ran. */
const ATTEMPTS = {
  script: "<script>globalThis.harm='script'</script>",
  image: "<img src=x onerror=\"globalThis.harm='image'\">",
  "closed tag": "\"'></a></h1><svg onload=globalThis.harm='svg'>",
  entity: "&lt;b&gt;&#x202e;&amp;",
  template: "{{constructor.constructor(\"globalThis.harm='template'\")()}}${globalThis.harm=1}",
  address: "javascript:globalThis.harm='address'",
  "bidi override": "王\u202Egnp.exe\u2066小\u2067丫",
  "zero width": "李\u200B四\u200D五\u2060六",
  formula: "=HYPERLINK(\"http://elsewhere.example\",\"张\")",
  command: "@SUM(1+9)*cmd|' /C calc'!A0",
  minus: "-2+3+cmd|' /C calc'!A0",
  long: "长".repeat(3_000),
};
const NAMES = Object.values(ATTEMPTS);

journey("what tries to be code comes by file and by hand, and is text on both devices", async (shop) => {
  const folder = await mkdtemp(path.join(tmpdir(), "dianbu-e2e-injection-"));
  try {
    const a = await shop.device("A");
    await a.app.importFile(await list(folder));
    await a.app.importFile(await contactCard(folder));
    const byHand = await addCustomer(a.app, { name: `手写 ${ATTEMPTS.script}` });
    await editCustomer(a.app, byHand, { 单位: ATTEMPTS.image, 备注: ATTEMPTS["closed tag"], 网址: ATTEMPTS.address });
    await takeComplaint(a.app, `${ATTEMPTS.image} ${ATTEMPTS["bidi override"]}`);
    await looksHarmless(a, byHand);

    await connect(a.app, shop.endpoint);
    const b = await shop.device("B", { width: 1024, height: 768 });
    await join(b.app, await invite(a.app));
    await looksHarmless(b, byHand);

    await editCustomer(b.app, byHand, { 单位: ATTEMPTS.template });
    await shared(b.app);
    await syncNow(a.app);
    await a.app.go(byHand);
    await a.app.sees(ATTEMPTS.template);
    await harmless(a.page);

    await leavesUnchanged(a.app);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

journey("an address that was made to harm opens nothing", async (shop) => {
  const { app, page } = await shop.device("A");
  for (const route of [
    "/customers?show=<img src=x onerror=globalThis.harm=1>",
    "/customers/<script>globalThis.harm=1</script>",
    "/join?i=<svg onload=globalThis.harm=1>",
    "/connect?e=javascript:globalThis.harm=1&b=<b>x</b>",
    "/more/records/<img src=x onerror=globalThis.harm=1>/new",
  ]) {
    await app.go(encodeURI(route));
    await harmless(page);
  }
});

journey("names of people, shops, lists, devices and files that try to be code are text wherever they stand", async (shop) => {
  const folder = await mkdtemp(path.join(tmpdir(), "dianbu-e2e-injection-"));
  try {
    const a = await shop.device("A");
    const { app, page } = a;
    const card = await addCustomer(app, { name: ATTEMPTS["closed tag"] });
    const parts = ["dealing", "deal", "task", "promise", "contact"].map((part) => `${card}/new/${part}`);
    const kinds = ["staff", "shop", "extra"].map((kind) => `/more/records/${kind}/new`);
    for (const form of [...kinds, ...parts]) {
      await app.go(form);
      await fillForm(page, ATTEMPTS.image);
      await app.button("保存").click();
      await page.waitForURL((url) => !url.hash.includes("/new"));
      await harmless(page);
    }
    await connect(app, shop.endpoint);
    const b = await shop.device("B", { width: 1024, height: 768 });
    await join(b.app, await invite(app), ATTEMPTS.image);
    await syncNow(app);
    const file = path.join(folder, "<img src=x onerror=globalThis.harm=1>.csv");
    await writeFile(file, `姓名,${ATTEMPTS.image.replaceAll('"', "'")}\r\n王小丫,${ATTEMPTS.script}\r\n`);
    await app.importFile(file);
    await harmless(page);
    const places = ["/", "/customers", card, `${card}/edit`, "/customers/new", "/more/devices", "/more/import", "/more/records/staff"];
    for (const one of [a, b]) {
      for (const route of [...places, "/more/records/shop", "/more/records/extra", "/complaints/new", "/standards/reception/new", "/standards/start"]) {
        await one.app.go(route);
        await harmless(one.page);
      }
    }
    await app.go("/more/devices");
    await app.sees(ATTEMPTS.image);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

journey("a name that turns the direction of writing turns nothing beside it", async (shop) => {
  const { app, page } = await shop.device("A");
  const turned = ATTEMPTS["bidi override"];
  const card = await addCustomer(app, { name: turned, phone: "13800138000" });
  await editCustomer(app, card, { 单位: `\u202E南货店\u2067`, 称呼: "王总\u202E" });
  await app.go(`/complaints/new?customer=${card.split("/").at(-1)}`);
  await app.field("客户原话").fill("鞋底开胶");
  await page.getByRole("radio", { name: "商品", exact: true }).check();
  await app.button("记下").click();
  await app.link("开始处理").click();

  await app.go("/customers");
  await keepsItsPlace(page, "a.row .row-second", "138 0013 8000 · ");
  await app.go("/complaints");
  await keepsItsPlace(page, ".by-clock a.row .row-title", " · 商品");
  await app.go(card);
  await app.go("/complaints/new");
  await app.page.getByRole("radio", { name: "新客户", exact: true }).check();
  await app.field("电话").fill("13800138000");
  await keepsItsPlace(page, ".banner", "这个电话是“", "”的");
});

/** Words of the app beside a name stand in their order, and at the end of the line at which they were written. */
async function keepsItsPlace(page, selector, ...words) {
  const line = page.locator(selector).filter({ hasText: words[0].trim() }).first();
  await line.waitFor();
  for (const word of words) {
    const { chars, whole, first, last } = await line.evaluate(placesOf, word);
    const inOrder = chars.every((char, n) => n === 0 || char.left >= chars[n - 1].right - 1);
    assert.ok(inOrder, `“${word}” is turned in ${selector}`);
    if (first) assert.ok(chars[0].left <= whole.left + 1, `“${word}” is not first in ${selector}`);
    if (last) assert.ok(chars.at(-1).right >= whole.right - 1, `“${word}” is not last in ${selector}`);
    assert.ok(first || last, `“${word}” is at no end of ${selector}`);
  }
}

/** In the page: where the characters of a word stand, and the text that they belong to. */
function placesOf(line, word) {
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (texts.nextNode() && !texts.currentNode.data.includes(word));
  const text = texts.currentNode;
  const range = document.createRange();
  const place = (from, to) => {
    range.setStart(text, from);
    range.setEnd(text, to);
    return range.getBoundingClientRect().toJSON();
  };
  const begin = text.data.indexOf(word);
  const chars = [...word.trim()].map((_, n) => begin + word.indexOf(word.trim()) + n).map((at) => place(at, at + 1));
  return { chars, whole: place(0, text.length), first: begin === 0, last: begin + word.length === text.length };
}

/** A list of customers whose cells are attempts. */
async function list(folder) {
  const cell = (text) => `"${text.replaceAll('"', '""')}"`;
  const rows = NAMES.map((name, n) => [name, `1380000${1000 + n}`, name, name, name, name].map(cell).join(","));
  const file = path.join(folder, "list.csv");
  await writeFile(file, ["姓名,电话,单位,地址,网址,备注", ...rows].join("\r\n"));
  return file;
}

/** A contact card that is one attempt. */
async function contactCard(folder) {
  const text = (value) => value.replace(/[\\;,]/g, "\\$&");
  const lines = [
    "BEGIN:VCARD",
    "VERSION:4.0",
    `FN:名片 ${text(ATTEMPTS.script)}`,
    "TEL:13900002000",
    `ORG:${text(ATTEMPTS["closed tag"])}`,
    `URL:${ATTEMPTS.address}`,
    `NOTE:${text(ATTEMPTS.image)}`,
    "END:VCARD",
  ];
  const file = path.join(folder, "card.vcf");
  await writeFile(file, lines.join("\r\n"));
  return file;
}

/** Walks the screens that show the attempts: each is read as it was written, and nothing runs. */
async function looksHarmless(device, byHand) {
  const { app, page } = device;
  assert.equal(await countCustomers(app), NAMES.length + 2);
  await harmless(page);
  const cards = await page.locator("a.row").evaluateAll((rows) => rows.map((row) => row.getAttribute("href").slice(1)));
  const shown = new Set();
  for (const card of cards) {
    await app.go(card);
    shown.add(await page.locator(".card-names h1").textContent());
    await page.getByRole("tab", { name: "资料", exact: true }).click();
    await page.getByText("备注", { exact: true }).first().waitFor();
    await harmless(page);
    await isWhole(page);
  }
  for (const name of NAMES) assert.ok(shown.has(name), `nobody is called ${name.slice(0, 40)}`);
  for (const route of [`${byHand}/edit`, `${byHand}/new/dealing`, "/", "/complaints", "/customers/bin"]) {
    await app.go(route);
    await harmless(page);
  }
  await app.go("/complaints");
  await page.locator(".by-clock a.row").first().click();
  await page.locator(".quote").waitFor();
  assert.match(await page.locator(".quote").textContent(), /<img src=x/);
  await harmless(page);
}

/** Nothing ran, and nothing on the page could: no element, attribute or link that the app does not make itself. */
async function harmless(page) {
  const found = await page.evaluate(() => {
    const foreign = "script:not([src]), iframe, object, embed, base, main img, main form[action], [style*='url(']";
    const handlers = [...document.querySelectorAll("*")].filter((element) =>
      element.getAttributeNames().some((name) => name.startsWith("on")),
    );
    const links = [...document.querySelectorAll("[href]")].filter((link) =>
      /^\s*(javascript|data|vbscript):/i.test(link.getAttribute("href")),
    );
    const elements = [...document.querySelectorAll(foreign), ...handlers, ...links];
    return [globalThis.harm, ...elements.map((element) => element.outerHTML.slice(0, 200))].filter(Boolean);
  });
  assert.deepEqual(found, []);
}

/** However long a word is, the page does not scroll sideways. */
async function isWhole(page) {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `the page is ${beyond} px too wide`);
}

/** What leaves is exactly what came in, and a spreadsheet takes none of it for a formula. */
async function leavesUnchanged(app) {
  const archive = await app.archive();
  const names = new Set(archive.live("customer").map(({ fields }) => fields.name));
  for (const name of NAMES) assert.ok(names.has(name), `the archive lost ${name.slice(0, 40)}`);
  await app.go("/more/export");
  const csv = await readFile(await app.download(app.button("客户名单", "Customers")), "utf8");
  const cells = parse(csv, { bom: true }).flat();
  assert.ok(cells.length > NAMES.length);
  assert.deepEqual(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell)), []);
}
