// Every main screen, to be walked from one to the next.

import { completeCheck, takeComplaint } from "./shop.js";

/** Fills the book with what the app brings to try with. */
export async function sample(app) {
  await app.go("/");
  await app.button("用示例数据试试", "Try it with sample data").click();
  await app.sees("这里有示例数据", "Sample data is here");
}

/** The routes of the main screens; records are made where there are none. Needs the sample data. */
export async function places(app) {
  await app.go("/customers");
  const card = (await app.page.locator("a.row").first().getAttribute("href")).slice(1);
  await takeComplaint(app, app.say("鞋底开胶", "The sole came off"));
  await app.link("开始处理", "Begin handling").click();
  await app.page.waitForURL((url) => !url.hash.endsWith("/new"));
  const complaint = app.route();
  const report = await completeCheck(app);
  await app.go("/standards/start");
  await app.button("开始", "Start").click();
  await app.button("完成检查", "Complete the check").waitFor();
  const check = app.route();
  return {
    today: "/",
    customers: "/customers",
    card,
    "card edit": `${card}/edit`,
    dealing: `${card}/new/dealing`,
    "new customer": "/customers/new",
    bin: "/customers/bin",
    standards: "/standards",
    start: "/standards/start",
    check,
    report,
    quick: "/standards/quick",
    reception: "/standards/reception/new",
    actions: "/standards/actions",
    complaints: "/complaints",
    "new complaint": "/complaints/new",
    complaint,
    more: "/more",
    import: "/more/import",
    export: "/more/export",
    bucket: "/more/bucket",
    devices: "/more/devices",
    staff: "/more/records/staff",
    "new staff": "/more/records/staff/new",
    shops: "/more/records/shop",
    rules: "/more/records/settings",
    lists: "/more/records/entry",
    fields: "/more/records/extra",
    install: "/more/install",
    lock: "/more/lock",
    language: "/more/language",
    gallery: "/more/gallery",
    storage: "/more/storage",
    join: "/join?i=broken",
  };
}
