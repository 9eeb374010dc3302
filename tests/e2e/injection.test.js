// Whatever comes from outside is text: names, cells, contact cards and links that try to be markup, code, a formula, or
// to turn what stands beside them around. They come by file, by hand and from another device.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { parse } from "csv-parse/sync";

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
