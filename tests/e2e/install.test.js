// The installed app: it starts without a network, and moves to a new version only when the person agrees.

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";
import { Release, keptVersions, lookForUpdate, runs } from "./support/release.js";
import { addCustomer, countCustomers, findCustomer } from "./support/shop.js";

journey("a device that was switched off starts without a network", async (shop) => {
  const device = await shop.device("A");
  await addCustomer(device.app, { name: "王小丫" });
  await device.offlineReady();
  await device.switchOff();

  await shop.endpoint.stop();
  await device.start();
  await device.setOffline(true);
  await device.app.go("/");
  await findCustomer(device.app, "王小丫");
  await addCustomer(device.app, { name: "李二狗" });
  assert.equal(await countCustomers(device.app), 2);
});

journey("a new version waits until the person agrees, and a damaged one never comes", async (shop) => {
  const release = await Release.copy();
  try {
    const device = await shop.device("A", {}, await shop.anotherEndpoint(release.folder));
    const { app, page } = device;
    await app.go("/customers/new");
    await device.offlineReady();
    await app.reload();
    const [first] = await keptVersions(page);
    const notice = page.getByText("有新版本", { exact: true });

    await release.publish("damaged-version", { whole: false });
    await lookForUpdate(page);
    assert.deepEqual(await keptVersions(page), [first]);
    assert.equal(await notice.count(), 0);

    await release.publish("newer-version");
    await app.field("姓名").fill("写到一半");
    await lookForUpdate(page);
    await notice.waitFor();
    assert.equal(await runs(page, "newer-version"), false);
    await app.reload();
    await notice.waitFor();
    assert.equal(await runs(page, "newer-version"), false, "a reload is no consent");

    const reloaded = page.waitForEvent("load");
    await app.button("更新").click();
    await reloaded;
    await app.started();
    assert.equal(await runs(page, "newer-version"), true);
    assert.deepEqual(await keptVersions(page), ["newer-version"]);
    assert.equal(await app.field("姓名").inputValue(), "写到一半");
  } finally {
    await release.remove();
  }
});

journey("a part of the app that has not arrived says so, and comes when it is asked for again", async (shop) => {
  const release = await Release.copy();
  try {
    const bringBack = await release.hide(/split_customers\.wasm/);
    const device = await shop.device("A", {}, await shop.anotherEndpoint(release.folder));
    const { app, page } = device;
    await app.go("/");
    await page.goto(`${app.origin}/#/customers`);
    await app.sees("店簿还没有下载完整。请连上网络，再试一次。");
    // The browser says that files are missing, which is so, and nothing else.
    assert.deepEqual(device.faults.splice(0).filter((fault) => !/404|HTTP status code/.test(fault)), []);

    await bringBack();
    await app.button("再试一次").click();
    await addCustomer(app, { name: "王小丫" });
    assert.equal(await countCustomers(app), 1);
  } finally {
    await release.remove();
  }
});
