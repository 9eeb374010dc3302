// The daily work: customers, checks, complaints, as they are entered and read on the screens.

/** Adds a customer. Returns the route of the card. */
export async function addCustomer(app, { name, phone }) {
  await app.go("/customers/new");
  await app.field("姓名", "Name").fill(name);
  if (phone) await app.field("电话", "Phone").fill(phone);
  await app.button("保存", "Save").click();
  // The card shows only once the customer is saved.
  await app.page.getByRole("heading", { name, exact: true }).waitFor();
  return app.route();
}

/** How many customers the list counts. */
export async function countCustomers(app) {
  await app.go("/customers");
  // The list keeps what was searched before; the cross goes when the app knows that the search is empty.
  await app.page.getByRole("searchbox").fill("");
  await app.button("清除", "Clear").waitFor({ state: "detached" });
  const count = await app.page.locator(".list-count").innerText();
  return Number(/\d+/.exec(count)[0]);
}

/** Looks a customer up by name and waits until the list has it. Returns the route of the card. */
export async function findCustomer(app, name) {
  await app.go("/customers");
  await app.page.getByRole("searchbox").fill(name);
  const row = app.page.locator("a.row").filter({ has: app.page.locator(".row-title", { hasText: name }) }).first();
  await row.waitFor();
  return (await row.getAttribute("href")).slice(1);
}

/** Changes fields of a card: `{ 地址: "…" }`, by their labels in the language of the screens. */
export async function editCustomer(app, card, fields) {
  await app.go(`${card}/edit`);
  for (const [label, text] of Object.entries(fields)) {
    await app.page.getByLabel(label, { exact: true }).fill(text);
  }
  await app.button("保存", "Save").click();
  // The form closes only once the changes are saved.
  await app.page.waitForURL((url) => !url.hash.endsWith("/edit"));
}

/** Takes a complaint of nobody named. Returns its number. */
export async function takeComplaint(app, words) {
  await app.go("/complaints/new");
  await app.field("客户原话", "In their own words").fill(words);
  await app.page.getByRole("radio", { name: app.say("匿名", "Anonymous"), exact: true }).check();
  await app.button("记下", "Save").click();
  return app.page.locator(".taken .number").innerText();
}

/** Runs the shipped standard as a check, everything well, and completes it. Returns the route of the check. */
export async function completeCheck(app) {
  await app.go("/standards/start");
  await app.button("开始", "Start").click();
  await app.button("完成检查", "Complete the check").waitFor();
  const check = app.route();
  const items = app.page.locator(".items > li");
  for (let n = 0, count = await items.count(); n < count; n += 1) await answerWell(app, items.nth(n));
  // The last answer counts once it is saved.
  await app.page.locator(".check-head progress[value='1']").waitFor();
  await app.button("完成检查", "Complete the check").click();
  await app.sees("检查结果", "Result of the check");
  return check;
}

/** The best answer, whatever the item asks: it passes, has full marks, or says something. */
async function answerWell(app, item) {
  const pass = item.getByRole("radio", { name: app.say("合格", "Pass"), exact: true });
  if (await pass.count()) return pass.check();
  const dots = item.locator(".dots").getByRole("radio");
  if (await dots.count()) return dots.last().check();
  const options = item.getByRole("radio");
  if (await options.count()) return options.first().check();
  const box = item.locator("textarea, input");
  if (await box.count()) await box.first().fill("1");
}
