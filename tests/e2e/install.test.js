// The installed app: it starts without a network, and moves to a new version only when the person agrees.

import assert from "node:assert/strict";

import { answers, fillForm, unfold } from "./support/form.js";
import { journey } from "./support/journey.js";
import { Release, keptVersions, lookForUpdate, runs } from "./support/release.js";
import { SCREENS } from "./support/routes.js";
import { addCustomer, completeCheck, countCustomers, editCustomer, findCustomer, takeComplaint } from "./support/shop.js";

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

journey("with nobody to serve it every screen opens, and opens anew", async (shop) => {
  const device = await shop.device("A");
  const { app, page } = device;
  const card = await addCustomer(app, { name: "王小丫" });
  const check = await completeCheck(app);
  await takeComplaint(app, "鞋底开胶");
  await app.link("开始处理").click();
  await page.waitForURL((url) => !url.hash.endsWith("/new"));
  const complaint = app.route();
  await device.offlineReady();
  await shop.endpoint.whileDown(async () => {
    const own = [card, `${card}/edit`, `${card}/new/dealing`, check, complaint, `${complaint}/edit`];
    for (const route of [...SCREENS, ...own]) {
      await app.go(route);
      await app.reload();
      assert.equal(await page.getByText("店簿还没有下载完整").count(), 0, route);
      assert.ok((await page.locator("main").innerText()).length > 10, route);
    }
  });
});

journey("forms half filled in come along into the new version, whatever was typed or chosen", async (shop) => {
  const release = await Release.copy();
  try {
    const device = await shop.device("A", {}, await shop.anotherEndpoint(release.folder));
    const { app, page } = device;
    const card = await addCustomer(app, { name: "王小丫" });
    await device.offlineReady();
    await app.reload();
    const forms = ["/customers/new", "/complaints/new", "/standards/reception/new", "/more/records/staff/new"];
    forms.push(...["dealing", "task", "promise", "contact"].map((part) => `${card}/new/${part}`));
    const before = new Map();
    for (const form of forms) {
      await app.go(form);
      await fillForm(page, `写到一半 ${form}`);
      if (form.includes("reception")) await pick(app, "王小丫");
      before.set(form, await answers(page));
      assert.ok(before.get(form).some((answer) => answer.includes("写到一半")), form);
    }
    assert.ok(before.get("/standards/reception/new").includes("picked: 王小丫"));

    await release.publish("newer-version");
    await lookForUpdate(page);
    const notice = page.getByText("有新版本", { exact: true });
    await notice.waitFor();
    await app.button("以后再说").click();
    await notice.waitFor({ state: "detached" });
    await editCustomer(app, card, { 备注: "还在原来的版本" });
    assert.equal(await runs(page, "newer-version"), false, "who refuses stays with the version before");

    await app.reload();
    await notice.waitFor();
    const reloaded = page.waitForEvent("load");
    await app.button("更新").click();
    await reloaded;
    await app.started();
    assert.equal(await runs(page, "newer-version"), true);
    for (const [form, filled] of before) {
      await app.go(form);
      await unfold(page);
      assert.deepEqual(await answers(page), filled, form);
    }
  } finally {
    await release.remove();
  }
});

/** Looks a customer up in a form and takes the one that is found. */
async function pick({ page }, name) {
  await page.getByLabel("客户", { exact: true }).fill(name);
  await page.locator("main form button.row").first().click();
}

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
