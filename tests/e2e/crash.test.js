// What the screen called saved is there after the browser was killed (protocol §9, invariant 1).

import assert from "node:assert/strict";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { FIXTURES, journey } from "./support/journey.js";
import { seeded } from "./support/random.js";
import { connect, shared, troubles } from "./support/sharing.js";
import { addCustomer, editCustomer } from "./support/shop.js";

const KILLS = 50;
/** The first edit of a stream takes about as long as the longest of these. */
const LONGEST_MS = 2_000;

journey(`${KILLS} kills in the middle of a stream of edits lose nothing that was called saved`, async (shop, t) => {
  const random = seeded(t);
  const device = await shop.device("A");
  await connect(device.app, shop.endpoint);
  const card = await addCustomer(device.app, { name: "常客" });
  const saved = [];
  for (let round = 0; round < KILLS; round += 1) {
    const stream = edits(device.app, card, round, saved);
    // A stream ends only by a fault, and that is no crash.
    await Promise.race([stream, sleep(random() * LONGEST_MS)]);
    await device.kill();
    await stream.catch(() => {});
    await device.start();
    await device.app.go("/");
  }

  const archive = await device.app.archive();
  const written = new Set(archive.all("customer").flatMap(({ history }) => history.map(({ value }) => value)));
  assert.deepEqual(saved.filter((text) => !written.has(text)), []);
  t.diagnostic(`${saved.length} edits were called saved`);
  assert.ok(saved.length > KILLS, "the stream was one");
  await shared(device.app);
  assert.deepEqual(await troubles(device.app), []);
});

/** Edits without end: new customers, and the note of one that is there. What the screen called saved goes into `saved`. */
async function edits(app, card, round, saved) {
  for (let n = 0; ; n += 1) {
    const text = `第${round}轮第${n}次`;
    if (n % 2 === 0) await addCustomer(app, { name: text });
    else await editCustomer(app, card, { 备注: text });
    saved.push(text);
  }
}

journey("a kill in the middle of an import leaves all of it or nothing", async (shop, t) => {
  const random = seeded(t);
  const device = await shop.device("A");
  let here = 0;
  for (let kills = 0; here === 0; kills += 1) {
    assert.ok(kills < 100, "an import comes through at last");
    const counts = await device.app.dryRun(path.join(FIXTURES, "customers-zh.gb18030.csv"));
    const done = device.app.importPlanned(counts).then(() => true, () => false);
    // Longer every time, so that one comes through.
    await sleep(random() * 50 * (kills + 1));
    await device.kill();
    const told = await done;
    await device.start();
    here = (await device.app.archive()).live("customer").length;
    if (told) assert.equal(here, counts.fresh, "it was called done");
    assert.ok([0, counts.fresh].includes(here), `${here} of ${counts.fresh}`);
    t.diagnostic(`kill ${kills + 1}: ${here} records`);
  }
});
