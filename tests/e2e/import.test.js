// Import (C16): what the screen takes from real lists is what a careful person reads from them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";

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
