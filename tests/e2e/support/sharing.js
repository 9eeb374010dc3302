// Sharing as a person sees it: the bucket, the invitation, the mark and the sheet behind it.

/** Connects the device to an endpoint's bucket. */
export async function connect(app, endpoint) {
  await app.go(endpoint.connectRoute);
  await app.button("测试并连接", "Test and connect").click();
  await app.sees("已连接", "Connected");
  await shared(app);
}

/** Makes an invitation into a role, which are staff if nothing is said. Returns its link. */
export async function invite(app, role) {
  await app.go("/more/devices");
  if (role) await app.page.getByRole("radio", { name: app.say(...role), exact: true }).check();
  await app.button("生成邀请", "Make an invitation").click();
  return app.field("邀请链接（7 天内有效）", "Invitation link (valid for 7 days)").inputValue();
}

/** Makes a recovery sheet. Returns its link. */
export async function recoverySheet(app) {
  await app.go("/more/devices");
  await app.button("做一张恢复单", "Make a recovery sheet").click();
  return app.field("恢复链接", "Recovery link").inputValue();
}

/** Opens the sheet of another device of the team and does something there. Without a name: of the only one. */
export async function manage(app, name, act) {
  await app.go("/more/devices");
  const label = name ? app.say(`管理“${name}”`, `Manage “${name}”`) : new RegExp(app.say("^管理“", "^Manage “"));
  await app.page.getByRole("button", { name: label, exact: Boolean(name) }).first().click();
  const sheet = app.page.getByRole("dialog").first();
  await sheet.waitFor();
  await act(sheet, app);
  await app.page.keyboard.press("Escape");
}

/** Opens an invitation and joins; nothing is typed, but a name for the device where one is given. */
export async function join(app, link, name) {
  await app.page.goto(link);
  if (name) await app.field("这台设备的名字", "Name of this device").fill(name);
  await app.button("加入", "Join").click();
  // The app starts anew in the team's book.
  await app.page.waitForURL((url) => !url.hash.includes("join"));
  await app.started();
  await shared(app);
}

const mark = (app) => app.page.locator("button.sync");

/** Waits until everything written here is in the bucket. */
export async function shared(app) {
  await mark(app).filter({ hasText: app.say("已共享", "Shared") }).waitFor();
}

/** Waits until the mark says that something is wrong. */
export async function troubled(app) {
  await mark(app).filter({ hasText: app.say("同步有问题", "Sync trouble") }).waitFor();
}

/** Opens the sheet, looks, and closes it. */
export async function inSheet(app, look) {
  await mark(app).click();
  const sheet = app.page.getByRole("dialog");
  await sheet.waitFor();
  const seen = await look(sheet);
  await sheet.getByRole("button", { name: app.say("关闭", "Close"), exact: true }).click();
  await sheet.waitFor({ state: "hidden" });
  return seen;
}

/** One round of synchronising, begun by hand. Returns when it is over. */
export async function syncNow(app) {
  await inSheet(app, async (sheet) => {
    const listed = app.page.waitForResponse((answer) => new URL(answer.url()).searchParams.has("list-type"));
    await sheet.getByRole("button", { name: app.say("立即同步", "Sync now"), exact: true }).click();
    await listed;
    await sheet.locator("[aria-busy=true]").waitFor({ state: "detached" });
  });
}

/** What the sheet says is wrong. */
export async function troubles(app) {
  return inSheet(app, (sheet) => sheet.locator(".banner").allInnerTexts());
}
