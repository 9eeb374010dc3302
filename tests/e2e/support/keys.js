// A keyboard alone: the focus goes from one control to the next, and keys do the rest.

/** So many presses lead through every screen; more of them lead nowhere. */
const MOST = 200;

/** Moves the focus by Tab until it is on this element. */
export async function tabTo(page, locator) {
  await locator.waitFor();
  await until(page, "Tab", () => locator.evaluate((element) => element === document.activeElement), locator);
}

/** Moves the focus there and presses a key on it. */
export async function press(page, locator, key = "Enter") {
  await tabTo(page, locator);
  await page.keyboard.press(key);
}

/** Moves the focus into a field and writes in it. */
export async function write(page, locator, text) {
  await tabTo(page, locator);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

/** Chooses one of a group: Tab leads to the group, the arrows to the one. */
export async function choose(page, radio) {
  await radio.waitFor();
  await until(page, "Tab", () => radio.evaluate(({ name }) => document.activeElement.name === name), radio);
  await until(page, "ArrowRight", () => radio.evaluate((element) => element === document.activeElement), radio);
  if (!(await radio.isChecked())) await page.keyboard.press("Space");
}

async function until(page, key, isThere, wanted) {
  for (let n = 0; n < MOST; n += 1) {
    if (await isThere()) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${wanted}`);
}
