// Every screen for other eyes and hands: letters twice as large on the smallest phone, targets for a finger, the focus in
// sight, nothing that moves, colours of the system's own.

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";
import { measure } from "./support/layout.js";
import { resize, settled, violations } from "./support/look.js";
import { places, sample } from "./support/places.js";

const SMALL = { width: 320, height: 640 };
/** The usual size of letters, twice. */
const LARGE_PX = 32;

for (const lang of ["zh", "en"]) {
  journey(`letters twice as large on the smallest phone cut and cover nothing (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang, ...SMALL });
    await sample(app);
    const routes = await places(app);
    await letters(page, LARGE_PX);
    const found = await walk(app, routes, async () => {
      await resize(page, { ...SMALL, height: await page.evaluate(() => document.documentElement.scrollHeight + 200) });
      const faults = [];
      for (const what of ["sticksOut", "cut", "overlaps"]) faults.push(...(await measure(page, what)));
      await resize(page, SMALL);
      return faults;
    });
    assert.deepEqual(found, []);
  });

  journey(`a finger hits every control, and the keyboard's place is always in sight (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang });
    await sample(app);
    const found = await walk(app, await places(app), async () => [
      ...(await measure(page, "small", 44)),
      ...(await measure(page, "sticksOut")),
      ...(await measure(page, "cut")),
      ...(await byTab(page, "Tab")),
      ...(await byTab(page, "Shift+Tab")),
    ]);
    assert.deepEqual(found, []);
  });
}

journey("nothing moves for whom it should not, and forced colours say what fills say", async (shop) => {
  const { app, page } = await shop.device("A");
  await sample(app);
  const routes = await places(app);
  await page.emulateMedia({ reducedMotion: "reduce", forcedColors: "active" });
  // The colours are the system's then, whatever the style sheet says.
  const found = await walk(app, routes, async () => [...(await measure(page, "moves")), ...(await violations(page, ["color-contrast"]))]);
  await app.go("/more/language");
  const fill = (state) => page.locator(`.chip:has(input${state}) span`).first().evaluate((chip) => getComputedStyle(chip).backgroundColor);
  assert.notEqual(await fill(":checked"), await fill(":not(:checked)"));
  assert.deepEqual(found, []);
});

/** Goes to every screen and says what is wrong there. */
async function walk(app, routes, look) {
  const found = [];
  for (const [name, route] of Object.entries(routes)) {
    await app.go(route);
    await settled(app.page);
    found.push(...(await look()).map((fault) => `${name}: ${fault}`));
  }
  return found;
}

/** The size of letters that a person sets in the browser. */
async function letters(page, px) {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Page.setFontSizes", { fontSizes: { standard: px, fixed: px } });
}

/** Goes through the whole screen by a key, forwards or backwards, and says where the focus is not seen. */
async function byTab(page, key) {
  const [been, faults] = [new Set(), new Set()];
  for (;;) {
    await page.keyboard.press(key);
    const at = await measure(page, "focus");
    if (!at || been.has(at.key)) return [...faults];
    been.add(at.key);
    for (const fault of at.wrong) faults.add(`${at.name}: ${fault}`);
  }
}
