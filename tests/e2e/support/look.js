// A careful look at a screen: is it accessible, is it in one language, what does it look like.

import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { OUTPUT } from "./journey.js";

const AXE = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
/** So tall that nothing scrolls: a bar that stays in sight covers nothing then. */
const TALL = 4_000;

/** What axe finds on the screen as it is. */
export async function violations(page) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: size.width, height: TALL });
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
  });
  await page.setViewportSize(size);
  return found;
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
export async function picture(page, name) {
  await mkdir(OUTPUT, { recursive: true });
  await page.screenshot({ path: path.join(OUTPUT, `${name}.png`) });
}
