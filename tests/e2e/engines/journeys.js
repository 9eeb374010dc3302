// The main journeys on every engine, Chromium, Firefox and WebKit, one text for all of them.

import assert from "node:assert/strict";
import path from "node:path";

import { readArchive } from "../support/archive.js";
import { FIXTURES } from "../support/journey.js";
import { WANTED } from "./engine.js";
import { journey } from "./shop.js";
import {
  addCustomer,
  completeCheck,
  connect,
  countCustomers,
  editCustomer,
  findCustomer,
  invite,
  join,
  syncNow,
  takeComplaint,
} from "./work.js";

const LIST = path.join(FIXTURES, "customers-zh.gb18030.csv");
const PIN = "2580";

for (const engine of WANTED) {
  journey(`a day's work, without a network too (${engine})`, async (shop) => {
    const { hands } = await shop.device(engine);
    await hands.go("/");
    await hands.sees("欢迎使用店簿");
    assert.equal(await hands.saw("有新版本"), false, "the first visit is no update");
    await hands.press("link", "新增客户", "Add a customer");
    const card = await addCustomer(hands, "王小丫", "13800138000");
    await editCustomer(hands, card, "备注", "喜欢靠窗的位子 🌞，姓𠮷");
    assert.equal(await findCustomer(hands, "wxy"), card);

    const check = await completeCheck(hands);
    const complaint = await takeComplaint(hands, "鞋底开胶，要求换一双");
    await closeComplaint(hands);

    await hands.offlineReady();
    await shop.endpoint.whileDown(async () => {
      await hands.reload();
      await hands.sees("已结案");
      await hands.go(card);
      await hands.press("tab", "资料");
      await hands.sees("喜欢靠窗的位子 🌞，姓𠮷");
      await hands.go(check);
      await hands.sees("检查结果");
      await addCustomer(hands, "李二狗");
      await hands.reload();
      assert.equal(await countCustomers(hands), 2);
    });

    await hands.speak("en");
    await hands.go(complaint);
    await hands.sees("Closed");
    await hands.go("/customers");
    await hands.sees("2 customers");
  });

  journey(`two devices write apart and come together (${engine})`, async (shop) => {
    const a = await shop.device(engine);
    const b = await shop.device(engine);
    await connect(a.hands, shop.endpoint);
    await meet(shop, a.hands, b.hands);
  });

  journey(`a list comes in, everything goes out (${engine})`, async (shop) => {
    const { hands } = await shop.device(engine);
    await hands.go("/more/import");
    await hands.upload(LIST);
    await hands.pressButton("试运行");
    const fresh = Number(await hands.reads(/导入 (\d+) 条/));
    assert.ok(fresh > 700);
    await hands.pressButton(`导入 ${fresh} 条`);
    await hands.sees(`已导入 ${fresh} 条`);
    await findCustomer(hands, "覃艳超");

    await hands.go("/more/export");
    const archive = await readArchive(await hands.download("导出全部"));
    assert.equal(archive.live("customer").length, fresh);
    assert.ok(archive.live("customer").some(({ fields }) => fields.name === "覃艳超"));
  });

  journey(`a PIN keeps the book and a half-filled form (${engine})`, async (shop) => {
    const { hands } = await shop.device(engine);
    await addCustomer(hands, "王小丫");
    await hands.go("/more/lock");
    await hands.type("新密码", "New PIN", PIN);
    await hands.type("再输一次", "Once more", PIN);
    await hands.pressButton("设置密码");
    await hands.sees("已设置密码。");
    await hands.go("/customers/new");
    await hands.type("姓名", "Name", "写到一半");
    await hands.reload();
    await hands.sees("店簿已上锁");
    await hands.type("密码", "PIN", "0000");
    await hands.pressButton("解锁");
    await hands.sees("密码不对，请再试一次。");
    await hands.type("密码", "PIN", PIN);
    await hands.pressButton("解锁");
    assert.equal(await hands.value("姓名", "Name"), "写到一半");
    assert.equal(await countCustomers(hands), 1);
  });
}

if (WANTED.length > 1) {
  journey(`devices of different engines share one book (${WANTED.join(", ")})`, async (shop) => {
    const [first, ...others] = await shop.devices(WANTED);
    await connect(first.hands, shop.endpoint);
    for (const other of others) await meet(shop, first.hands, other.hands);
  });
}

/** Two devices share a book: what they write apart is on both, two values of one field are offered, and one is kept. */
async function meet(shop, a, b) {
  const name = `客户${shop.fresh()}`;
  const card = await addCustomer(a, name);
  await join(b, await invite(a));
  assert.equal(await findCustomer(b, name), card);

  for (const hands of [a, b]) await hands.offlineReady();
  await shop.endpoint.whileDown(async () => {
    await editCustomer(a, card, "地址", "中山路 1 号");
    await editCustomer(b, card, "地址", "解放路 2 号");
    await editCustomer(b, card, "微信", "wo-de-weixin");
  });
  for (const hands of [a, b, a]) await syncNow(hands);
  for (const hands of [a, b]) {
    await hands.go(card);
    await hands.sees("中山路 1 号");
    await hands.sees("解放路 2 号");
    await hands.press("tab", "资料");
    await hands.sees("wo-de-weixin");
  }
  await a.go(card);
  await a.pressButton("保留这个 中山路 1 号");
  await a.sees("已保留这个版本。");
  for (const hands of [a, b]) await syncNow(hands);
  await b.go(card);
  await b.seesNoMore("解放路 2 号");
  await b.sees("中山路 1 号");
}

/** Tells the customer, and closes with what they say. */
async function closeComplaint(hands) {
  await hands.pressButton("改状态", "Change state");
  await hands.choose("已答复", "Answered");
  await hands.type("原因", "Reason", "同意换一双");
  await hands.pressButton("记下", "Save");
  await hands.sees("已答复");
  await hands.pressButton("改状态", "Change state");
  await hands.choose("已结案", "Closed");
  await hands.choose("接受", "Accepts");
  await hands.type("客户怎么说（原话）", "What the customer says (their words)", "好的，谢谢");
  await hands.pressButton("结案", "Close");
  await hands.sees("已结案");
}
