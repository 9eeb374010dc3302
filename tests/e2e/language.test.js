// The language is switched on the device, at once and for good (both are complete).

import assert from "node:assert/strict";

import { App } from "./support/app.js";
import { journey } from "./support/journey.js";
import { foreignLines } from "./support/look.js";
import { SCREENS } from "./support/routes.js";

journey("one tap turns every screen into the other language and back", async (shop) => {
  const { page, origin, app: chinese } = await shop.device("A", { lang: "zh" });
  const english = new App(page, origin, "en");
  await chinese.go("/more/language");
  await page.getByRole("radio", { name: "English", exact: true }).check();
  await english.sees("Language and look");
  await walk(english);
  await english.reload();
  await walk(english);
  await english.go("/more/language");
  await page.getByRole("radio", { name: "简体中文", exact: true }).check();
  await chinese.sees("语言与外观");
  await walk(chinese);
});

async function walk(app) {
  const tag = await app.page.locator("html").getAttribute("lang");
  assert.equal(tag.slice(0, 2), app.lang);
  for (const route of SCREENS) {
    await app.go(route);
    assert.deepEqual(await foreignLines(app.page, app.lang), [], route);
  }
}
