// Two devices, one bucket: what each writes without a network is on both afterwards, and nothing is lost.

import assert from "node:assert/strict";
import path from "node:path";

import { FIXTURES, journey } from "./support/journey.js";
import { connect, invite, join, shared, syncNow } from "./support/sharing.js";
import { completeCheck, countCustomers, editCustomer, findCustomer, takeComplaint } from "./support/shop.js";

const LIST = path.join(FIXTURES, "customers-zh.gb18030.csv");
/** A customer of the list. */
const NAME = "覃艳超";

for (const lang of ["zh", "en"]) {
  journey(`two devices work apart and come together (${lang})`, async (shop) => {
    const say = (zh, en) => (lang === "zh" ? zh : en);
    const a = await shop.device("A", { lang });
    const { fresh } = await a.app.importFile(LIST);
    await connect(a.app, shop.endpoint);
    const link = await invite(a.app);

    const b = await shop.device("B", { lang, width: 1024, height: 768 });
    await join(b.app, link);
    assert.equal(await countCustomers(b.app), fresh);

    await Promise.all([a.setOffline(true), b.setOffline(true)]);
    const card = await findCustomer(a.app, NAME);
    assert.equal(await findCustomer(b.app, NAME), card);
    const [address, employer, wechat] = [say("地址", "Address"), say("单位", "Employer"), say("微信", "WeChat")];
    await editCustomer(a.app, card, { [address]: "中山路 1 号", [employer]: "南货店" });
    await editCustomer(b.app, card, { [address]: "解放路 2 号", [wechat]: "qin-yanchao" });
    const number = await takeComplaint(a.app, "鞋底开胶，要求换一双");
    const check = await completeCheck(b.app);

    await Promise.all([a.setOffline(false), b.setOffline(false)]);
    await Promise.all([shared(a.app), shared(b.app)]);
    // The one that was faster has not seen the other's part yet.
    await Promise.all([syncNow(a.app), syncNow(b.app)]);
    for (const { app } of [a, b]) {
      await app.go(card);
      const versions = app.page.getByRole("group", { name: address, exact: true });
      await versions.getByText("中山路 1 号").waitFor();
      await versions.getByText("解放路 2 号").waitFor();
      await app.page.getByRole("tab", { name: say("资料", "Data"), exact: true }).click();
      await app.sees("南货店");
      await app.sees("qin-yanchao");
      await app.go("/complaints");
      await app.sees(number);
      await app.go(check);
      await app.sees("检查结果", "Result of the check");
    }

    await a.app.go(card);
    const keep = a.app.page.getByRole("button", { name: `${say("保留这个", "Keep this")} 中山路 1 号`, exact: true });
    await keep.click();
    await a.app.sees("已保留这个版本。", "This version is kept.");
    await shared(a.app);
    await b.app.go(card);
    await syncNow(b.app);
    for (const { app } of [a, b]) {
      await app.page.getByRole("group", { name: address, exact: true }).waitFor({ state: "detached" });
      await app.page.locator(".contact").getByText("中山路 1 号").waitFor();
    }

    for (const device of [a, b]) {
      await device.offlineReady();
      await device.setOffline(true);
      await device.app.reload();
      assert.equal(await countCustomers(device.app), fresh);
      await device.setOffline(false);
    }
  });
}
