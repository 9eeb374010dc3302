// What an invitation opens, and what it no longer does once it is taken back (protocol §5).

import assert from "node:assert/strict";

import { SEGMENT, hold } from "./support/hold.js";
import { journey } from "./support/journey.js";
import { connect, invite, join, shared } from "./support/sharing.js";
import { addCustomer, findCustomer } from "./support/shop.js";

journey("an invitation that is taken back lets nobody in, and those who came with it stay", async (shop) => {
  const a = await shop.device("A");
  const b = await shop.device("B");
  const c = await shop.device("C");
  await addCustomer(a.app, { name: "唐玄奘" });
  await connect(a.app, shop.endpoint);
  const link = await invite(a.app);
  await join(b.app, link);

  await a.app.button("收回", "Take back").click();
  await a.app.sees("邀请已收回，链接不能再用。", "The invitation is taken back; its link opens nothing now.");
  await a.app.button("收回", "Take back").waitFor({ state: "detached" });
  // Nobody is to be given a dead link.
  await a.app.button("生成邀请", "Make an invitation").waitFor();

  await c.app.page.goto(link);
  await c.app.button("加入", "Join").click();
  await c.app.sees(
    "这个邀请已被收回，或存储桶里没有这本账簿。请让对方重新生成。",
    "This invitation was taken back, or the bucket does not hold this book; ask for a new one.",
  );
  await findCustomer(b.app, "唐玄奘");
});

journey("an invitation waits for the round that is under way", async (shop) => {
  const device = await shop.device("A");
  const { app, context } = device;
  await connect(app, shop.endpoint);
  const { arrived, letGo } = await hold(device, SEGMENT);
  await addCustomer(app, { name: "沙悟净" });
  await arrived;
  const lists = [];
  context.on("request", (request) => request.url().includes("list-type") && lists.push(request.url()));
  const made = invite(app);
  await app.page.waitForTimeout(1_500);
  // A round of its own would begin with a list, and take the place of the one under way.
  assert.deepEqual(lists, []);
  letGo();
  assert.match(await made, /#\/join\?i=/);
  await shared(app);
});
