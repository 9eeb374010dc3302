// A PIN keeps the book: what lies on the device is sealed always, and opens for whoever knows the PIN alone.

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";
import { look } from "./support/look.js";
import { atRest, placesOf } from "./support/rest.js";
import { connect } from "./support/sharing.js";
import { addCustomer, countCustomers } from "./support/shop.js";

const PIN = "2580";

for (const lang of ["zh", "en"]) {
  journey(`a PIN keeps the book, and a half-filled form (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang });
    const known = { name: app.say("欧阳修远", "Ouyang Xiuyuan"), phone: "13912345678" };
    const half = app.say("慕容半写", "Murong Halfway");
    await addCustomer(app, known);
    await setPin(app, PIN);

    await app.go("/customers/new");
    await app.field("姓名", "Name").fill(half);
    await lockByPalette(app);
    assert.doesNotMatch(await page.content(), new RegExp(`${half}|${known.name}`));
    await assertSealed(page, [known.name, half, known.phone]);
    await page.reload();
    await locked(app);

    await tryPin(app, "0000");
    await app.sees("密码不对，请再试一次。", "This PIN is not right; try again.");
    await page.reload();
    await locked(app);
    await tryPin(app, PIN);
    // The form is as it was left.
    await app.button("保存", "Save").waitFor();
    assert.equal(await app.field("姓名", "Name").inputValue(), half);
    await app.button("保存", "Save").click();
    await page.getByRole("heading", { name: half, exact: true }).waitFor();
    assert.equal(await countCustomers(app), 2);
    await assertSealed(page, [known.name, half, known.phone]);

    await app.go("/more/lock");
    await change(app, "1111", "ａｂｃｄ 长城");
    await app.sees("密码不对，请再试一次。", "This PIN is not right; try again.");
    await change(app, PIN, "ａｂｃｄ 长城");
    await app.sees("已更换密码。", "The PIN is changed.");
    await app.button("立即上锁", "Lock now").click();
    await locked(app);
    await tryPin(app, PIN);
    await app.sees("密码不对，请再试一次。", "This PIN is not right; try again.");
    await tryPin(app, "abcd 长城");

    await app.button("取消密码", "Take the PIN away").waitFor();
    await app.field("要取消的密码", "PIN to take away").fill("abcd 长城");
    await app.button("取消密码", "Take the PIN away").click();
    await app.sees("已取消密码。", "The PIN is taken away.");
    await app.reload();
    assert.equal(await countCustomers(app), 2);
    await assertSealed(page, [known.name, half, known.phone]);
  });

  for (const scheme of ["light", "dark"]) {
    journey(`the lock is accessible and in one language (${lang} ${scheme})`, async (shop) => {
      const { app, page } = await shop.device("A", { lang, scheme });
      const see = (name) => look(app, `${name} ${lang} * ${scheme}`);
      await app.go("/more/lock");
      const found = await see("lock unset");
      await setPin(app, PIN);
      found.push(...(await see("lock set")));
      // The keyboard is enough: the key locks, the field has the focus, the rest follows it.
      await page.evaluate(() => document.activeElement.blur());
      await page.keyboard.press("Shift+L");
      await locked(app);
      found.push(...(await see("locked")));
      await tryPin(app, "1234");
      await page.getByText(app.say("密码不对", "This PIN is not right")).waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await app.button("清除本机数据", "Erase this device's data").waitFor();
      found.push(...(await see("locked forgot")));
      assert.deepEqual(found, []);
    });
  }
}

journey("wrong attempts cost a pause, also after a restart", async (shop) => {
  const { app, page } = await shop.device("A");
  await page.clock.install();
  await setPin(app, PIN);
  await app.button("立即上锁", "Lock now").click();
  await locked(app);
  for (let n = 0; n < 4; n += 1) {
    await tryPin(app, `000${n}`);
    await app.sees("密码不对，请再试一次。");
  }
  await tryPin(app, "0009");
  await app.sees("密码不对。请等 30 秒再试。");
  await page.reload();
  await locked(app);
  await tryPin(app, PIN);
  await page.getByText(/还要等 \d+ 秒才能再试/).waitFor();
  await page.clock.fastForward(30_000);
  await tryPin(app, PIN);
  await app.button("立即上锁", "Lock now").waitFor();
});

journey("left alone it locks itself, in every tab, and nothing is synchronised until it is open again", async (shop) => {
  const device = await shop.device("A");
  const { app, page } = device;
  await connect(app, shop.endpoint);
  await setPin(app, PIN);
  await page.getByRole("radio", { name: "5 分钟", exact: true }).check();
  await app.go("/");
  const other = await device.context.newPage();
  await other.clock.install();
  const beside = app.on(other);
  await beside.page.goto(app.origin);
  await locked(beside);
  const asked = await other.evaluate(() => Date.now());
  await tryPin(beside, PIN);
  // Only now it watches.
  await other.waitForFunction((since) => Number(localStorage.getItem("dianbu.lock.used")) >= since, asked);

  await other.clock.fastForward(6 * 60_000);
  await locked(beside);
  await locked(app);
  const requests = [];
  device.context.on("request", (request) => requests.push(request.url()));
  await other.clock.fastForward(10 * 60_000);
  await other.evaluate(() => window.dispatchEvent(new Event("online")));
  assert.deepEqual(requests.filter((url) => url.includes("list-type")), []);
  const listed = device.context.waitForEvent("request", (request) => request.url().includes("list-type"));
  await tryPin(app, PIN);
  await listed;
});

journey("it locks when it is put away, if that was chosen", async (shop) => {
  const { app, page } = await shop.device("A");
  await setPin(app, PIN);
  const hide = () =>
    page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
  await hide();
  await app.button("立即上锁", "Lock now").waitFor();
  await page.getByRole("switch", { name: "切到别的应用时上锁" }).check();
  await hide();
  await locked(app);
});

journey("who forgot the PIN can begin anew, once that is typed out", async (shop) => {
  const { app, page } = await shop.device("A");
  await addCustomer(app, { name: "西门无密" });
  await setPin(app, PIN);
  await app.go("/customers/new");
  await app.field("姓名", "Name").fill("只写了一半");
  await lockByPalette(app);
  await page.getByText("忘了密码？").click();
  const erase = app.button("清除本机数据", "Erase this device's data");
  assert.ok(await erase.isDisabled());
  await page.getByLabel(/请输入“清除”/).fill("清");
  assert.ok(await erase.isDisabled());
  await page.getByLabel(/请输入“清除”/).fill("清除");
  await erase.click();
  await app.button("用示例数据试试", "Try it with sample data").waitFor();
  await app.go("/customers");
  await app.sees("还没有客户");
  await app.go("/customers/new");
  assert.equal(await app.field("姓名", "Name").inputValue(), "");
});

journey("a device whose key is gone says so and writes nothing over it", async (shop) => {
  const { app, page } = await shop.device("A");
  await addCustomer(app, { name: "东方失钥" });
  const key = await editKey(page, null);
  const before = (await atRest(page)).length;
  await page.reload();
  await app.sees("本机的钥匙不见了");
  assert.equal((await atRest(page)).length, before);
  await editKey(page, key);
  await app.reload();
  assert.equal(await countCustomers(app), 1);
});

/** Puts another key record into the database, or none; returns the one that was there. */
async function editKey(page, record) {
  return page.evaluate(async (record) => {
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await done(indexedDB.open("dianbu"));
    const meta = database.transaction("meta", "readwrite").objectStore("meta");
    const old = await done(meta.get("key"));
    await done(record ? meta.put(new Uint8Array(record), "key") : meta.delete("key"));
    database.close();
    return old && [...old];
  }, record);
}

async function setPin(app, pin) {
  await app.go("/more/lock");
  await app.field("新密码", "New PIN").fill(pin);
  await app.field("再输一次", "Once more").fill(`${pin}0`);
  await app.button("设置密码", "Set the PIN").click();
  await app.sees("两次输入的不一样。", "The two are not the same.");
  await app.field("再输一次", "Once more").fill(pin);
  await app.button("设置密码", "Set the PIN").click();
  await app.sees("已设置密码。", "The PIN is set.");
}

async function change(app, old, pin) {
  await app.field("现在的密码", "Present PIN").fill(old);
  await app.field("新密码", "New PIN").fill(pin);
  await app.field("再输一次", "Once more").fill(pin);
  await app.button("更换密码", "Change the PIN").click();
}

async function lockByPalette(app) {
  await app.page.keyboard.press("Control+k");
  await app.page.getByRole("combobox").fill(app.say("上锁", "lock now"));
  await app.page.getByRole("option", { name: app.say("立即上锁", "Lock now"), exact: true }).waitFor();
  await app.page.keyboard.press("Enter");
  await locked(app);
}

async function locked(app) {
  await app.page.getByRole("heading", { name: app.say("店簿已上锁", "Dianbu is locked"), exact: true }).waitFor();
}

/** Types into the field that has the focus, as a hand at the keyboard does. */
async function tryPin(app, pin) {
  await app.page.waitForFunction(() => document.activeElement?.matches(".lock input") && !document.querySelector(".lock [aria-busy=true]"));
  await app.page.keyboard.type(pin);
  await app.page.keyboard.press("Enter");
}

/** None of the words can be read anywhere on the device, and a search that would find them finds what lies open. */
async function assertSealed(page, words) {
  const found = await atRest(page);
  assert.ok(found.length > 10, "there is something to search");
  assert.deepEqual(placesOf(words, found), []);
  await page.evaluate((word) => sessionStorage.setItem("control", word), words[0]);
  assert.deepEqual(placesOf(words, await atRest(page)), ["sessionStorage control"]);
  await page.evaluate(() => sessionStorage.removeItem("control"));
}
