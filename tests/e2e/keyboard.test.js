// A keyboard alone: keys for what is in sight, the palette for everything else (craft §3).

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";

const DESK = { width: 1280, height: 800 };

for (const lang of ["zh", "en"]) {
  journey(`keys find, move, open, edit and save (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang, ...DESK });
    const keys = page.keyboard;
    await sample(app);

    await app.go("/customers");
    await keys.press("j");
    const first = await focusedHref(page);
    await keys.press("j");
    assert.notEqual(await focusedHref(page), first);
    await keys.press("k");
    assert.equal(await focusedHref(page), first);
    await keys.press("Enter");
    await opened(page, first);

    await keys.press("]");
    await page.waitForURL((url) => url.hash !== first);
    await page.getByTitle(app.say("上一位客户", "Previous customer")).waitFor();
    await keys.press("[");
    await opened(page, first);

    await keys.press("e");
    await page.waitForURL((url) => url.hash === `${first}/edit`);
    const name = app.field("姓名", "Name");
    await name.fill(app.say("换了名字", "Renamed"));
    // While one types, letters are letters.
    await keys.type("?n/");
    assert.equal(await page.getByRole("dialog").count(), 0);
    await keys.press("Control+Enter");
    await page.waitForURL((url) => url.hash === first);
    await page.getByRole("heading", { name: app.say("换了名字?n/", "Renamed?n/"), exact: true }).waitFor();

    await keys.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.type), "search");
    await keys.press("Escape");
    await page.evaluate(() => document.activeElement.blur());
    await keys.press("n");
    await page.waitForURL((url) => url.hash === "#/customers/new");
  });

  journey(`the palette goes anywhere, the help names the keys (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang, ...DESK });
    const keys = page.keyboard;
    await sample(app);

    await keys.press("Control+k");
    const box = page.getByRole("combobox", { name: app.say("客户、编号或要去的地方", "Customer, number or place") });
    await box.waitFor();
    await box.fill(app.say("zm", "Zhang"));
    const option = page.getByRole("option").first();
    await option.filter({ hasText: app.say("张敏", "Zhang Min") }).waitFor();
    await keys.press("Enter");
    await page.getByRole("heading", { name: app.say("张敏", "Zhang Min"), exact: true }).waitFor();

    await keys.press("Control+k");
    await box.fill(app.say("daochu", "expo"));
    await page.getByRole("option", { name: app.say("导出", "Export"), exact: true }).waitFor();
    await keys.press("Enter");
    await page.waitForURL((url) => url.hash === "#/more/export");

    await keys.press("?");
    const help = page.getByRole("dialog", { name: app.say("快捷键", "Keyboard") });
    await help.waitFor();
    assert.match(await help.innerText(), /Ctrl\s*K/);
    await keys.press("Escape");
    await help.waitFor({ state: "hidden" });
  });
}

/** Fills the book with what the app brings to try with. */
async function sample(app) {
  await app.go("/");
  await app.button("用示例数据试试", "Try it with sample data").click();
  await app.sees("这里有示例数据", "Sample data is here");
}

/** Waits until a card is there, not only its address. */
async function opened(page, hash) {
  await page.waitForURL((url) => url.hash === hash);
  await page.locator(`a[aria-keyshortcuts="e"][href="${hash}/edit"]`).waitFor();
}

const focusedHref = (page) => page.evaluate(() => document.activeElement.getAttribute("href"));
