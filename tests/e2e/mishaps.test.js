// What happens to buckets, profiles and clocks in a shop's life; each is told, and nothing is lost (protocol §7).

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, open, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { Device } from "./support/device.js";
import { journey } from "./support/journey.js";
import { connect, inSheet, invite, join, shared, syncNow, troubles } from "./support/sharing.js";
import { addCustomer, editCustomer, findCustomer } from "./support/shop.js";

const run = promisify(execFile);

/** Two devices that have shared a customer. */
async function pair(shop) {
  const a = await shop.device("A");
  const b = await shop.device("B", { width: 1024, height: 768 });
  const card = await addCustomer(a.app, { name: "唐玄奘" });
  await connect(a.app, shop.endpoint);
  await join(b.app, await invite(a.app));
  await findCustomer(b.app, "唐玄奘");
  return { a, b, card };
}

/** Puts a copy in the place of the objects, or nothing. */
async function refill(endpoint, from) {
  await endpoint.whileDown(async (folder) => {
    await rm(folder, { recursive: true });
    if (from) await cp(from, folder, { recursive: true });
  });
}

journey("a bucket that is set back to an older copy is noticed, and filled up again", async (shop) => {
  const { a, b } = await pair(shop);
  const copy = path.join(shop.endpoint.folder, "copy");
  await shop.endpoint.whileDown((folder) => cp(folder, copy, { recursive: true }));
  await addCustomer(b.app, { name: "孙悟空" });
  await shared(b.app);
  await syncNow(a.app);
  await findCustomer(a.app, "孙悟空");
  await addCustomer(a.app, { name: "猪八戒" });
  await shared(a.app);

  await refill(shop.endpoint, copy);
  await syncNow(a.app);
  assert.match((await troubles(a.app)).join("\n"), /存储桶被恢复成了旧的样子/);
  // What A had is in the bucket again; what B had is still on A, and in the bucket once B has been there.
  await findCustomer(a.app, "孙悟空");
  await syncNow(b.app);
  assert.match((await troubles(b.app)).join("\n"), /存储桶被恢复成了旧的样子/);
  await findCustomer(b.app, "猪八戒");
  await syncNow(a.app);
  const c = await shop.device("C");
  await join(c.app, await invite(a.app));
  for (const name of ["唐玄奘", "孙悟空", "猪八戒"]) await findCustomer(c.app, name);
});

journey("an emptied bucket deletes nothing and is filled again when asked", async (shop) => {
  const { a, b } = await pair(shop);
  await refill(shop.endpoint);
  for (const { app } of [a, b]) {
    await syncNow(app);
    assert.match((await troubles(app)).join("\n"), /存储桶是空的/);
    await findCustomer(app, "唐玄奘");
  }
  assert.deepEqual(await objects(shop), [], "nothing is put unasked");
  for (const { app } of [a, b]) {
    await inSheet(app, (sheet) => sheet.getByRole("button", { name: "重新放回桶里", exact: true }).click());
    await shared(app);
  }
  await syncNow(a.app);
  await syncNow(a.app);
  const c = await shop.device("C");
  await join(c.app, await invite(a.app));
  await findCustomer(c.app, "唐玄奘");
});

async function objects(shop) {
  const found = await readdir(shop.endpoint.objects, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

journey("a copied profile stops sending, says so, and goes on as a device of its own", async (shop) => {
  const { a, b, card } = await pair(shop);
  await b.switchOff();
  const c = await shop.device("C", { width: 1024, height: 768 });
  await c.switchOff();
  await cp(b.profile, c.profile, { recursive: true, force: true });
  for (const lock of ["SingletonLock", "SingletonCookie", "SingletonSocket"]) {
    await rm(path.join(c.profile, lock), { force: true });
  }
  await b.start();
  await b.app.go("/");
  await addCustomer(b.app, { name: "原来的设备" });
  await shared(b.app);
  await c.start();
  await c.app.go("/");
  await editCustomer(c.app, card, { 备注: "复制的设备写的" });
  await syncNow(c.app);
  assert.match((await troubles(c.app)).join("\n"), /像是从另一台复制来的/);

  await c.app.page.locator("button.sync").click();
  await c.app.button("作为一台新设备继续").click();
  await c.app.started();
  await shared(c.app);
  await findCustomer(c.app, "原来的设备");
  for (const { app } of [a, b]) {
    await syncNow(app);
    await app.go(card);
    await app.page.getByRole("tab", { name: "资料", exact: true }).click();
    await app.sees("复制的设备写的");
  }
  assert.deepEqual(await troubles(b.app), [], "the original goes on as it was");
});

journey("clocks ten years off keep nobody from working, and the screen says whose is wrong", async (shop) => {
  const { a, b, card } = await pair(shop);
  const tenYears = 10 * 365 * 86_400_000;
  await a.page.clock.install({ time: Date.now() + tenYears });
  await b.page.clock.install({ time: Date.now() - tenYears });
  await Promise.all([a.app.reload(), b.app.reload()]);
  await editCustomer(a.app, card, { 备注: "来自未来" });
  await syncNow(a.app);
  await editCustomer(b.app, card, { 微信: "laizi-guoqu" });
  await syncNow(b.app);
  await syncNow(a.app);
  for (const { app } of [a, b]) {
    await app.go(card);
    await app.page.getByRole("tab", { name: "资料", exact: true }).click();
    await app.sees("来自未来");
    await app.sees("laizi-guoqu");
    assert.match((await troubles(app)).join("\n"), /本机时钟不准/);
  }
  // An edit made after having seen the other one is what everybody sees, whatever the clocks say.
  await editCustomer(b.app, card, { 备注: "后来改的" });
  await syncNow(b.app);
  await syncNow(a.app);
  await a.app.go(card);
  await a.app.page.getByRole("tab", { name: "资料", exact: true }).click();
  await a.app.sees("后来改的");
  // The bucket refuses the first request of a clock that is so wrong, and tells the time with it.
  for (const device of [a, b]) device.faults = device.faults.filter((fault) => !fault.includes("status of 403"));
});

journey("a full disk refuses the edit, keeps the form, and nothing is half done", async (shop, t) => {
  const device = await Device.make("A", shop.endpoint.origin);
  // A disk of its own that is small enough to be filled.
  try {
    await run("mount", ["-t", "tmpfs", "-o", "size=256m", "tmpfs", device.profile]);
  } catch (error) {
    return t.skip(`only who may mount a small disk can fill it: ${error.message}`);
  }
  const filler = path.join(device.profile, "filler");
  try {
    const app = await device.start();
    await app.go("/");
    const card = await addCustomer(app, { name: "唐玄奘" });
    await app.go(`${card}/edit`);
    await app.field("备注").fill("放不下".repeat(30_000));
    await fill(filler);
    await app.button("保存").click();
    // Not every browser tells a full disk from other trouble, so that the words for both lead to it.
    await app.sees("没有保存");
    await app.sees("设备空间已满");
    assert.ok((await app.field("备注").inputValue()).startsWith("放不下"), "the form keeps what was typed");

    await rm(filler);
    await app.button("保存").click();
    await device.page.waitForURL((url) => !url.hash.endsWith("/edit"));
    await app.reload();
    await app.go(`${card}/edit`);
    assert.ok((await app.field("备注").inputValue()).startsWith("放不下"));
    device.assertFaultless();
  } finally {
    await device.switchOff();
    await run("umount", ["-l", device.profile]);
    await device.stop();
  }
});

/** Writes until nothing more fits. */
async function fill(file) {
  const [out, block] = [await open(file, "w"), Buffer.alloc(1 << 16, 1)];
  try {
    for (;;) await out.write(block);
  } catch (error) {
    assert.equal(error.code, "ENOSPC");
    // The last bytes too.
    await out.write(Buffer.alloc(1)).catch(() => {});
  } finally {
    await out.close();
  }
}
