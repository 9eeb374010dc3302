// Import (C16): what the screen takes from real lists is what a careful person reads from them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { parse } from "csv-parse/sync";

import { FIXTURES, journey } from "./support/journey.js";

const fixture = (name) => path.join(FIXTURES, name);

/** What the truth file says of the messy list. */
async function truth() {
  const lines = (await readFile(fixture("customers-zh.truth.jsonl"), "utf8")).trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** A birthday of the truth file in the form in which the archive has it. */
function stored(birthday) {
  if (!birthday) return null;
  const two = (number) => String(number).padStart(2, "0");
  return `${birthday.cal}:${birthday.y ?? "-"}-${two(birthday.m)}-${two(birthday.d)}`;
}

/** The rows of a table, by the names of its columns. */
async function table(name) {
  return parse(await readFile(fixture(name)), { columns: true, bom: true });
}

const sorted = (rows) => rows.map((row) => JSON.stringify(row)).sort();

journey("the messy customer list becomes exactly the records of the truth file", async (shop) => {
  const { app } = await shop.device("A");
  const rows = await truth();
  const said = (does) => rows.filter((row) => row.do === does);

  const counts = await app.dryRun(fixture("customers-zh.gb18030.csv"));
  assert.deepEqual(counts, {
    fresh: said("import").length,
    duplicates: said("duplicate").length,
    rejects: said("reject").length,
    blank: said("skip").length,
  });
  const report = await app.download(app.button("保存全部说明", "Save the whole report"));
  await app.importPlanned(counts);
  const archive = await app.archive();

  const taken = archive.live("customer").map(({ fields }) => ({
    name: fields.name ?? null,
    phone: fields.phone ?? null,
    birthday: fields.birthday ?? null,
    fen: fields.spent ?? null,
    times: fields.times ?? null,
  }));
  const expected = said("import").map(({ name, phone, birthday, fen, times }) => {
    return { name, phone, birthday: stored(birthday), fen, times };
  });
  assert.deepEqual(sorted(taken), sorted(expected));

  const told = (await readFile(report, "utf8")).split(/\r?\n/).map((line) => /^(\d+),/.exec(line)?.[1]);
  const toldRows = new Set(told.filter(Boolean).map(Number));
  for (const { row } of [...said("duplicate"), ...said("reject")]) assert.ok(toldRows.has(row), `row ${row} is told`);
});

journey("the businesses import as organisations, each of them", async (shop) => {
  const { app } = await shop.device("A", { lang: "en" });
  const rows = await table("businesses-losangeles.csv");
  assert.deepEqual(await app.importFile(fixture("businesses-losangeles.csv")), counted(rows.length));
  const archive = await app.archive();
  const taken = archive.live("customer").map(({ fields }) => [fields.name, fields.nature, fields.address]);
  const expected = rows.map((row) => [row.BUSINESS_NAME, "company", row.STREET_ADDRESS]);
  assert.deepEqual(sorted(taken), sorted(expected));
});

journey("the complaints import as complaints, narratives whole", async (shop) => {
  const { app } = await shop.device("A");
  const rows = await table("complaints-cfpb.csv");
  assert.deepEqual(await app.importFile(fixture("complaints-cfpb.csv")), counted(rows.length));
  const archive = await app.archive();
  assert.deepEqual(archive.live("customer"), []);
  const taken = new Map(archive.live("complaint").map(({ fields }) => [fields.number, fields]));
  assert.equal(taken.size, rows.length);
  const narrated = rows.filter((row) => row.consumer_complaint_narrative);
  assert.ok(narrated.length > 10);
  for (const row of narrated) assert.equal(taken.get(row.complaint_id).words, row.consumer_complaint_narrative);
  for (const row of rows) assert.equal(taken.get(row.complaint_id).subject, row.product);
  // It is a list that one can work with: a narrative is found and read on its card.
  await app.go("/complaints");
  const [first] = narrated;
  await app.page.getByRole("checkbox", { name: "已结", exact: true }).check();
  await app.page.getByRole("searchbox").fill(first.complaint_id);
  await app.page.locator("a.row").first().click();
  await app.sees(first.consumer_complaint_narrative.slice(0, 40));
});

journey("contact cards of phones and services import with their numbers", async (shop) => {
  const { app } = await shop.device("A");
  const cards = {
    "android-full.vcf": { name: "Dr. Jhon middle 2, Suffix", phone: "060-000-0001", birthday: "solar:2015-03-03" },
    "google-full.vcf": { phone: "+12032071047", birthday: "solar:1961-04-05" },
    "ios-full.vcf": { phone: "0102030402", employer: "SuperCorp", mail: "test@cozy.io" },
    "android-quotedprintable.vcf": { name: "Testé de Cozy", phone: "060-000-0000" },
  };
  for (const file of Object.keys(cards)) assert.deepEqual(await app.importFile(fixture(`vcard/${file}`)), counted(1), file);
  const archive = await app.archive();
  const taken = archive.live("customer").map(({ fields }) => fields);
  assert.equal(taken.length, Object.keys(cards).length);
  for (const [file, card] of Object.entries(cards)) {
    const same = (fields) => Object.entries(card).every(([key, value]) => fields[key] === value);
    assert.ok(taken.some(same), `${file} in ${JSON.stringify(taken)}`);
  }
});

journey("an import is undone whole, at once and later", async (shop) => {
  const { app } = await shop.device("A");
  const undone = async () => {
    await app.sees("已撤销。");
    const archive = await app.archive();
    assert.deepEqual(["customer", "complaint", "entry"].flatMap((kind) => archive.live(kind)), []);
    return archive;
  };
  await app.importFile(fixture("customers-zh.gb18030.csv"));
  await app.button("撤销整次导入").click();
  const archive = await undone();
  assert.ok(archive.all("customer").length > 700, "they are in the recycle bin");

  await app.importFile(fixture("complaints-cfpb.csv"));
  await app.reload();
  await app.page.getByRole("button", { name: "撤销", exact: true }).first().click();
  await app.button("撤销导入").click();
  await undone();
});

/** The counts of a dry run in which every row is new. */
function counted(fresh) {
  return { fresh, duplicates: 0, rejects: 0, blank: 0 };
}
