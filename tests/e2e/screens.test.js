// Every main screen with sample data, in both languages, on phone and tablet, by day and by night.

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";
import { foreignLines, picture, violations } from "./support/look.js";
import { connect, invite, join, manage, recoverySheet, syncNow } from "./support/sharing.js";
import { completeCheck, takeComplaint } from "./support/shop.js";

const SIZES = { phone: { width: 390, height: 844 }, tablet: { width: 1024, height: 768 } };

for (const lang of ["zh", "en"]) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const scheme of ["light", "dark"]) {
      const look = `${lang} ${size} ${scheme}`;
      journey(`the screens are accessible and in one language (${look})`, async (shop) => {
        const { app } = await shop.device("A", { lang, scheme, ...viewport });
        const found = await visit(app, `welcome ${look}`, "/");
        await app.button("用示例数据试试", "Try it with sample data").click();
        await app.sees("这里有示例数据", "Sample data is here");
        for (const [name, route] of Object.entries(await screens(app))) {
          found.push(...(await visit(app, `${name} ${look}`, route)));
        }
        assert.deepEqual(found, []);
      });

      journey(`the screens of a team are so as well (${look})`, async (shop) => {
        const a = await shop.device("A", { lang, scheme, ...viewport });
        const b = await shop.device("B", { lang, scheme, ...viewport });
        await connect(a.app, shop.endpoint);
        const say = (zh, en) => a.app.say(zh, en);
        await join(b.app, await invite(a.app, ["只读", "Viewer"]), say("后面的手机", "Phone in the back"));
        await syncNow(a.app);
        const found = await visit(a.app, `team ${look}`, "/more/devices");
        await recoverySheet(a.app);
        found.push(...(await see(a.app, `recovery ${look}`)));
        await manage(a.app, undefined, async (sheet) => {
          found.push(...(await see(a.app, `member ${look}`)));
          await sheet.getByRole("button", { name: say("移出这台设备", "Remove this device"), exact: true }).click();
          found.push(...(await see(a.app, `removal ${look}`)));
          await a.app.button("移出", "Remove").click();
          await a.app.sees("已移出。", "Removed.");
        });
        await syncNow(b.app);
        found.push(...(await visit(b.app, `removed ${look}`, "/customers")));
        assert.deepEqual(found, []);
      });
    }
  }
}

/** Goes to a screen and looks at it carefully. Returns what is wrong with it. */
async function visit(app, name, route) {
  await app.go(route);
  return see(app, name);
}

/** Looks carefully at what is there. */
async function see({ page, lang }, name) {
  // What was said about the screen before is not part of this one.
  await page.locator(".toast button[aria-label]").evaluateAll((crosses) => crosses.forEach((cross) => cross.click()));
  await page.locator("[aria-busy=true], .skeleton").waitFor({ state: "detached" });
  await picture(page, name);
  const found = [...(await foreignLines(page, lang)), ...(await violations(page))];
  return found.map((fault) => `${name}: ${fault}`);
}

/** The routes of the main screens; records are made where there are none. */
async function screens(app) {
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
    storage: "/more/storage",
    join: "/join?i=broken",
  };
}
