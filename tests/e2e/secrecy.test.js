// The bucket can neither read nor alter what lies in it (protocol §9, invariants 10 and 11).

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { encodings } from "./support/encodings.js";
import { FIXTURES, journey } from "./support/journey.js";
import { allFiles, flipBit, restore, swap, truncate } from "./support/objects.js";
import { connect, invite, join, shared, syncNow, troubled, troubles } from "./support/sharing.js";
import { addCustomer, countCustomers, findCustomer } from "./support/shop.js";

const fixture = (name) => path.join(FIXTURES, name);
const LIST = fixture("customers-zh.gb18030.csv");

journey("no name and no phone of the list can be found in the bucket", async (shop) => {
  const { app } = await shop.device("A");
  await app.importFile(LIST);
  await connect(app, shop.endpoint);
  await invite(app);

  const truth = (await readFile(fixture("customers-zh.truth.jsonl"), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  const people = truth.filter((row) => row.do === "import");
  // Two signs occur by chance in any bytes; three do not.
  const words = people.flatMap(({ name, phone }) => [name, phone?.replace("+86", "")]).filter((word) => word?.length > 2);
  const found = (bytes) => words.filter((word) => encodings(word).some((encoded) => bytes.includes(encoded)));

  assert.ok(found(await readFile(LIST)).length > 800, "the search finds them where they are");
  const objects = await allFiles(shop.endpoint.data);
  assert.ok(objects.reduce((sum, { bytes }) => sum + bytes.length, 0) > 30_000, "the list is in the bucket");
  for (const { file, bytes } of objects) assert.deepEqual(found(bytes), [], file);
});

journey("a flipped bit, a swapped path and a truncated object are rejected and reported", async (shop) => {
  const a = await shop.device("A");
  const b = await shop.device("B");
  const c = await shop.device("C");
  await addCustomer(a.app, { name: "唐玄奘" });
  await connect(a.app, shop.endpoint);
  const link = await invite(a.app);
  await join(b.app, link);
  await join(c.app, link);
  const objects = shop.endpoint.objects;

  const cases = [
    { spoil: flipBit, list: "customers-zh.gb18030.csv", stranger: "孙悟空" },
    { spoil: truncate, list: "businesses-losangeles.csv", stranger: "猪八戒" },
    { spoil: swap, list: "complaints-cfpb.csv", stranger: "沙和尚" },
  ];
  for (const { spoil, list, stranger } of cases) {
    const before = await countCustomers(b.app);
    await b.setOffline(true);
    const known = await allFiles(objects);
    await a.app.importFile(fixture(list));
    await shared(a.app);
    await addCustomer(c.app, { name: stranger });
    await shared(c.app);
    const spoilt = await spoil(await newSegments(objects, known));

    await b.setOffline(false);
    await troubled(b.app);
    assert.match((await troubles(b.app)).join("\n"), /的一部分修改暂未采用\s*内容被改动或损坏，没有采用/);
    // Everybody else's part arrives, and our own goes out.
    await findCustomer(b.app, stranger);
    const own = `${stranger}之友`;
    await addCustomer(b.app, { name: own });
    await syncNow(c.app);
    await findCustomer(c.app, own);
    assert.equal(await countCustomers(b.app), before + 2, "nothing of the altered part is applied");

    await restore(spoilt);
    await addCustomer(a.app, { name: `${stranger}之师` });
    await shared(a.app);
    await syncNow(b.app);
    await findCustomer(b.app, `${stranger}之师`);
    await shared(b.app);
    assert.deepEqual(await troubles(b.app), []);
    await syncNow(a.app);
    assert.equal(await countCustomers(b.app), await countCustomers(a.app));
  }
});

/** Large segments that were not there before. */
async function newSegments(objects, known) {
  const old = new Set(known.map(({ file }) => file));
  const fresh = (await allFiles(objects)).filter(({ file }) => /\/s\/\d+$/.test(file) && !old.has(file));
  return fresh.sort((one, other) => other.bytes.length - one.bytes.length);
}
