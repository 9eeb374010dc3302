// A careful look at a screen: is it accessible, is it in one language, what does it look like.

import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { OUTPUT } from "./journey.js";

const AXE = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
/** So tall that nothing scrolls: a bar that stays in sight covers nothing then. */
const TALL = 4_000;
/** The smallest phone, the usual one, a tablet upright, across, and a desk, in px. */
const WIDTHS = [360, 390, 768, 1024, 1280];
/** What is photographed. */
const PICTURES = { phone: { width: 390, height: 844 }, tablet: { width: 1024, height: 768 } };

/** Looks carefully at what is there, at every width and in one language, and takes its pictures, of the `whole` page or of
 *  what is in sight. Returns what is wrong. */
export async function look({ page, lang }, name, { whole = false } = {}) {
  await settled(page);
  const found = await foreignLines(page, lang);
  const before = page.viewportSize();
  for (const width of WIDTHS) {
    await resize(page, { width, height: TALL });
    found.push(...(await violations(page)).map((fault) => `${width} px: ${fault}`));
  }
  for (const [size, viewport] of Object.entries(PICTURES)) {
    await resize(page, viewport);
    if (whole) await resize(page, { ...viewport, height: await page.evaluate(tallest) });
    await picture(page, name.replace("*", size));
  }
  await resize(page, before);
  return found.map((fault) => `${name}: ${fault}`);
}

/** How tall a page must be so that nothing of it scrolls; run in the page. */
const tallest = () => Math.max(...[document.documentElement, ...document.querySelectorAll(".pane")].map((part) => part.scrollHeight));

/** Waits until the screen is all there, and sends away what was said about the one before. */
export async function settled(page) {
  await page.locator(".toast button[aria-label]").evaluateAll((crosses) => crosses.forEach((cross) => cross.click()));
  await page.locator("[aria-busy=true]:not(.gallery *), .skeleton:not(.gallery *)").waitFor({ state: "detached" });
  // Where the last press was, nothing is pointed at any more.
  await page.mouse.move(0, 0);
}

/** Gives the page another size and waits until it is drawn in it. */
export async function resize(page, viewport) {
  await page.setViewportSize(viewport);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** What axe finds on the screen as it is; it may leave rules out. */
export async function violations(page, leftOut = []) {
  if (!(await page.evaluate(() => Boolean(globalThis.axe)))) await page.evaluate(AXE);
  return page.evaluate(async (leftOut) => {
    const rules = Object.fromEntries(leftOut.map((rule) => [rule, { enabled: false }]));
    const { violations } = await globalThis.axe.run({ resultTypes: ["violations"], rules });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
  }, leftOut);
}

/** Everything on the screen that is read or heard. */
async function words(page) {
  return page.evaluate(() => {
    const said = ["aria-label", "placeholder", "title", "alt"];
    const elements = [...document.querySelectorAll("body *")].filter((element) => element.checkVisibility());
    const attributes = elements.flatMap((element) => said.map((name) => element.getAttribute(name)));
    return [document.body.innerText, ...attributes.filter(Boolean)].join("\n");
  });
}

/** Names and abbreviations that stand in Chinese text as they are, and the numbers of complaints, made of chance letters. */
const NAMES_IN_ZH = /\b\d{4}-\w{3}-\d+|\b(Language|English|CSV|JSON|Lines|Excel|WPS|vCard|UTF|GB|CORS|Dianbu|CLEAR)\b/g;
/** What names a language in that language, and the lunar calendar, which is written in Chinese. */
const CHINESE_IN_EN = /语言 · Language|(简体)?中文|农历八月十五/g;

/** Lines of the screen that are in the other language. Data of the shop must be in the language of the screens. */
export async function foreignLines(page, lang) {
  const text = (await words(page)).replaceAll(lang === "zh" ? NAMES_IN_ZH : CHINESE_IN_EN, "");
  const foreign = lang === "zh" ? /[A-Za-z]{3,}/ : /\p{Script=Han}/u;
  return [...new Set(text.split("\n").filter((line) => foreign.test(line)))].map((line) => `foreign: ${line}`);
}

/** Takes a picture for people to look at. */
async function picture(page, name) {
  await mkdir(OUTPUT, { recursive: true });
  await page.screenshot({ path: path.join(OUTPUT, `${name}.png`) });
}
