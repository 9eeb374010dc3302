// After an erasure and the rest that follows it there is no trace of the customer: not in the folder of the bucket, opened
// with all keys, not in the database of either device, opened with its own, and not in memory after the app is opened anew.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

import { setting } from "./support/endpoint.js";
import { journey } from "./support/journey.js";
import { watchMemory } from "./support/memory.js";
import { connect, invite, join, shared, syncNow } from "./support/sharing.js";
import { addCustomer, editCustomer } from "./support/shop.js";
import { traces } from "./support/traces.js";

const PHONE = "13987650123";
/** As it is kept (G7). */
const KEPT = "+8613987650123";
/** Rounds until everybody has cut, cleared and said so. */
const ROUNDS = 12;

journey("an erased customer leaves no trace in the folder, in the databases or in memory", async (shop) => {
  const a = await shop.device("A");
  const b = await shop.device("B");
  for (const device of [a, b]) await watchMemory(device);
  await addCustomer(a.app, { name: "留下的人" });
  const card = await addCustomer(a.app, { name: "唐玄奘", phone: PHONE });
  await connect(a.app, shop.endpoint);
  const link = await invite(a.app);
  await join(b.app, link);
  // Both devices have written of them.
  // What is long lies dense in the database, and is opened as well.
  await editCustomer(b.app, card, { 单位: "大雁塔译经院", 备注: "玄奘 ".repeat(600) });
  await shared(b.app);
  await syncNow(a.app);
  const texts = ["唐玄奘", KEPT, "大雁塔译经院"];
  for (const text of texts) {
    assert.notEqual(inFolder(shop.endpoint, link, text), 0, `${text} is found in the folder`);
    for (const device of [a, b]) assert.notDeepEqual(await traces(device, text), [], `${text} is found on ${device.name}`);
  }

  await eraseForGood(a.app, card, "唐玄奘");
  for (let round = 0; round < ROUNDS && !(await isDone(a.app)); round += 1) {
    await syncNow(b.app);
    await syncNow(a.app);
  }
  for (const device of [a, b]) await device.app.reload();
  for (const text of texts) {
    assert.equal(inFolder(shop.endpoint, link, text), 0, `${text} is gone from the folder`);
    for (const device of [a, b]) assert.deepEqual(await traces(device, text), [], `${text} on ${device.name}`);
  }
  for (const { app } of [a, b]) {
    await app.go("/customers");
    await app.sees("留下的人");
  }
});

/** How many objects of the folder hold a text, with every key that an invitation opens. The vault must be whole. */
function inFolder(endpoint, link, text) {
  const args = ["verify", "--data", endpoint.data, "--link", link, "--find", text];
  const { stdout, stderr, status } = spawnSync(setting("DIANBU_ENDPOINT"), args, { encoding: "utf8" });
  const count = Number(/: (\d+)$/m.exec(stdout.split("\n").find((line) => line.includes("objects that hold")))?.[1]);
  assert.equal(status, count === 0 ? 0 : 1, `${stdout}${stderr}`);
  return count;
}

async function eraseForGood(app, card, name) {
  await app.go(card);
  await app.button("更多操作", "More actions").click();
  await app.button("彻底抹去…", "Erase for good…").click();
  const sheet = app.page.getByRole("dialog");
  await sheet.getByRole("textbox").fill(name);
  await sheet.getByRole("button", { name: app.say("彻底抹去", "Erase for good"), exact: true }).click();
  await app.sees("已彻底抹去。", "Erased for good.");
}

/** Whether every device says that nothing is left. */
async function isDone(app) {
  await app.go("/more/devices");
  const said = await app.page.locator("main").innerText();
  return said.split(app.say("抹去已完成", "erasure done")).length - 1 === 2;
}
