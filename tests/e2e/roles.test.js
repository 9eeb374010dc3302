// Who may do what, and what becomes of a device that is taken out (protocol §5).

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";
import { connect, invite, join, manage, recoverySheet, shared, syncNow } from "./support/sharing.js";
import { addCustomer, editCustomer, findCustomer } from "./support/shop.js";

for (const lang of ["zh", "en"]) {
  journey(`a viewer reads, and is told so; a keeper writes (${lang})`, async (shop) => {
    const a = await shop.device("A", { lang });
    const b = await shop.device("B", { lang, width: 1024, height: 768 });
    const card = await addCustomer(a.app, { name: "唐玄奘" });
    await connect(a.app, shop.endpoint);
    await join(b.app, await invite(a.app, ["只读", "Viewer"]));

    await findCustomer(b.app, "唐玄奘");
    await b.app.go(card);
    await b.app.page.getByRole("tab", { name: b.app.say("资料", "Data"), exact: true }).waitFor();
    assert.equal(await b.app.link("修改资料", "Edit the card").count(), 0, "what is not allowed is not offered");
    // By its address the form is there, and says why it does not save.
    await b.app.go(`${card}/edit`);
    await b.app.field("姓名", "Name").fill("孙悟空");
    await b.app.button("保存", "Save").click();
    await b.app.sees("没有保存：这台设备只能看。", "Not saved: this device may only read.");
    // What is shared into the app leads to a form as well.
    await b.app.go("/complaints/new");
    await b.app.sees("这台设备只能看", "This device may only read");
    assert.equal(await b.app.page.getByRole("textbox", { name: b.app.say("客户原话", "In their own words") }).count(), 0);
    await b.app.go("/more/devices");
    await b.app.sees("这台设备的角色不能邀请设备", "The role of this device does not invite");

    await manage(a.app, undefined, async (sheet, app) => {
      await sheet.getByRole("radio", { name: app.say("档案管理员", "Archive keeper"), exact: true }).check();
      await sheet.getByRole("button", { name: app.say("更改角色", "Change the role"), exact: true }).click();
      await app.sees("角色已更改", "The role is changed");
    });
    await syncNow(b.app);
    await b.app.go("/more");
    await editCustomer(b.app, card, { [b.app.say("姓名", "Name")]: "孙悟空" });
    await shared(b.app);
    await syncNow(a.app);
    await findCustomer(a.app, "孙悟空");
  });
}

journey("a removed device is heard no more; what it wrote is held, and can be taken over", async (shop) => {
  const a = await shop.device("A");
  const b = await shop.device("B");
  const c = await shop.device("C", { width: 1024, height: 768 });
  await addCustomer(a.app, { name: "唐玄奘" });
  await connect(a.app, shop.endpoint);
  const link = await invite(a.app);
  await join(b.app, link, "后面的手机");
  await join(c.app, link, "柜台的平板");
  await addCustomer(b.app, { name: "移出以前" });
  await shared(b.app);
  await b.setOffline(true);

  await syncNow(a.app);
  await manage(a.app, "后面的手机", async (sheet, app) => {
    await sheet.getByRole("button", { name: app.say("移出这台设备", "Remove this device"), exact: true }).click();
    await app.button("移出", "Remove").click();
    await app.sees("已移出。还有效的邀请也收回了。", "Removed. Open invitations are taken back too.");
  });
  await addCustomer(a.app, { name: "移出以后" });
  await shared(a.app);

  // It does not know yet, and goes on writing.
  await addCustomer(b.app, { name: "离线的修改" });
  await b.setOffline(false);
  await b.app.sees("这台设备已被移出账簿");
  await b.app.go("/customers/new");
  await b.app.sees("负责人已把它移出账簿");
  await b.app.go("/customers");
  await b.app.page.getByRole("searchbox").fill("移出以后");
  await b.app.sees("没有符合的客户");

  for (const { app } of [a, c]) {
    await syncNow(app);
    await findCustomer(app, "移出以前");
    await findCustomer(app, "移出以后");
    await app.go("/customers");
    await app.page.getByRole("searchbox").fill("离线的修改");
    await app.sees("没有符合的客户");
  }
  await a.app.go("/more/devices");
  await a.app.sees("有内容未采用");
  await manage(a.app, "后面的手机", async (sheet, app) => {
    await sheet.getByRole("button", { name: "采纳", exact: true }).click();
    await app.sees("已采纳，可以在档案里查看和修改。");
  });
  await findCustomer(a.app, "离线的修改");
  await shared(a.app);
  await syncNow(c.app);
  await findCustomer(c.app, "离线的修改");
});

journey("a recovery sheet brings everything back when every device is lost", async (shop) => {
  const a = await shop.device("A");
  await addCustomer(a.app, { name: "唐玄奘" });
  await connect(a.app, shop.endpoint);
  const sheet = await recoverySheet(a.app);
  await addCustomer(a.app, { name: "孙悟空" });
  await shared(a.app);
  await a.stop();

  const b = await shop.device("B");
  await join(b.app, sheet);
  await findCustomer(b.app, "唐玄奘");
  await findCustomer(b.app, "孙悟空");
  // It is an owner: it takes the lost one out.
  await b.app.go("/more/devices");
  await manage(b.app, undefined, async (dialog, app) => {
    await dialog.getByRole("button", { name: "移出这台设备", exact: true }).click();
    await app.button("移出").click();
    await app.sees("已移出。还有效的邀请也收回了。");
  });
  await b.app.sees("已移出的设备");
  await addCustomer(b.app, { name: "猪八戒" });
  await shared(b.app);
});
