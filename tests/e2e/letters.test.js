// The letters beside a long list: a press, a pull or a key leads to the first customer of a letter.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";

import { journey } from "./support/journey.js";
import { tabTo } from "./support/keys.js";
import { measure } from "./support/layout.js";
import { resize, settled, violations } from "./support/look.js";

const PHONE = { width: 390, height: 844 };
const TABLET = { width: 1024, height: 768 };
/** Of each name some, so that a letter is longer than a screen; of the last one few. 单 is read Shàn here, and E, I, U and V are empty. */
const NAMES = ["3号店", "Anna", "鲍", "陈", "丹", "范", "高", "黄", "蒋", "康", "Lily", "马", "宁", "欧阳", "潘", "钱", "任", "单", "田", "王", "许", "杨", "曾"];
const OF_EACH = 20;
const OF_LAST = 3;

for (const [lang, look] of [["zh", PHONE], ["en", TABLET]]) {
  journey(`a letter leads to the first customer under it, at ${look.width} px (${lang})`, async (shop) => {
    const device = await shop.device("A", { lang, ...look });
    const { app, page } = device;
    await imported(device);
    await app.go("/customers");
    const strip = letters(app);
    await strip.waitFor();
    const tap = (sign) => point(strip, sign).then(({ x, y }) => page.mouse.click(x, y));

    for (const [sign, name] of [["S", "单"], ["#", "3号店"], ["M", "马"], ["A", "Anna"], ["L", "Lily"]]) {
      await tap(sign);
      assert.equal(await topmost(page), `${name}00`, sign);
      assert.equal(await strip.getAttribute("aria-valuetext"), sign);
    }
    // Nobody stands under E: the next.
    await tap("E");
    assert.equal(await topmost(page), "范00");
    // The last ones cannot come to the head of the list, but they are in sight.
    await tap("Z");
    assert.ok((await inSight(page)).includes("曾00"));
    assert.equal(await strip.getAttribute("aria-valuetext"), "Z");

    // Pulling along the letters goes through them, and says which.
    const [from, to] = [await point(strip, "B"), await point(strip, "K")];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x - 60, to.y, { steps: 9 });
    assert.equal(await strip.locator("b").innerText(), "K");
    assert.equal(await topmost(page), "康00");
    await page.mouse.up();
    assert.equal(await strip.locator("b").count(), 0);

    // Scrolling by hand moves the mark along.
    await page.mouse.move(look.width > 700 ? 300 : 150, 500);
    await page.mouse.wheel(0, -30 * 64);
    await strip.and(page.locator("[aria-valuetext=H]")).waitFor();
    assert.deepEqual(await faults(page), []);
  });
}

journey("the letters are one stop of the keyboard, which leads into the list", async (shop) => {
  const device = await shop.device("A", TABLET);
  const { app, page } = device;
  await imported(device);
  await app.go("/customers");
  const strip = letters(app);
  await tabTo(page, strip);
  const at = (sign) => strip.and(page.locator(`[aria-valuetext="${sign}"]`)).and(page.locator(":focus")).waitFor();
  // n is no new customer here, and U is empty.
  for (const [key, sign, name] of [["n", "N", "宁00"], ["ArrowDown", "O", "欧阳00"], ["ArrowUp", "N", "宁00"], ["t", "T", "田00"], ["ArrowDown", "W", "王00"], ["ArrowUp", "T", "田00"], ["u", "W", "王00"], ["Home", "#", "3号店00"], ["c", "C", "陈00"]]) {
    await page.keyboard.press(key);
    await at(sign);
    assert.equal(await topmost(page), name, key);
  }
  for (const [key, sign] of [["End", "Z"], ["ArrowUp", "Y"], ["ArrowDown", "Z"]]) {
    await page.keyboard.press(key);
    await at(sign);
  }
  await page.keyboard.press("Enter");
  await page.locator("a.row:focus", { hasText: "曾00" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "曾00", exact: true }).waitFor();
});

journey("the letters stand beside a long list by name, where there is height for them", async (shop) => {
  const device = await shop.device("A", PHONE);
  const { app, page } = device;
  await app.go("/customers");
  const strip = letters(app);
  await imported(device);
  await app.go("/customers");
  await strip.waitFor();

  await page.getByRole("searchbox").fill("单");
  await strip.waitFor({ state: "detached" });
  await page.getByRole("searchbox").fill("");
  await strip.waitFor();
  const sort = async (name) => {
    await app.button("排序", "Sort").click();
    await app.button(name, name).click();
  };
  for (const name of ["按最近修改", "按下一步日期"]) {
    await sort(name);
    await strip.waitFor({ state: "detached" });
  }
  await sort("按姓名");
  await strip.waitFor();

  for (const [width, height] of [[320, 568], [360, 740], [390, 844], [768, 1024], [1280, 800]]) {
    await resize(page, { width, height });
    await settled(page);
    const [row, index, add] = await Promise.all([page.locator("a.row").first(), strip, page.locator(".fab")].map((one) => one.boundingBox()));
    assert.ok(index.width >= 44 && row.x + row.width <= index.x + 1, `${width} px: it stands beside the rows`);
    assert.ok(index.y + index.height <= add.y, `${width} px: it ends above the quick entry`);
    assert.deepEqual(await faults(page), [], `${width} px`);
  }
  await resize(page, { width: 844, height: 390 });
  await strip.waitFor({ state: "hidden" });
});

/** A shop whose customers stand under many letters. */
async function imported({ app, profile }) {
  const file = path.join(profile, "names.csv");
  const names = NAMES.flatMap((name) => Array.from({ length: name === "曾" ? OF_LAST : OF_EACH }, (_, n) => name + String(n).padStart(2, "0")));
  await writeFile(file, ["姓名,电话", ...names.map((name, n) => `${name},${13_900_000_000 + n}`)].join("\n"));
  assert.equal((await app.importFile(file)).fresh, names.length);
}

const letters = (app) => app.page.getByRole("slider", { name: app.say("按字母跳转", "Jump to letter"), exact: true });

/** Where a letter stands on the screen. */
async function point(strip, sign) {
  const { x, y, width, height } = await strip.locator("span").getByText(sign, { exact: true }).boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

/** The names in sight, from below the bars to the end of the screen. */
function inSight(page) {
  return page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const edge = document.querySelector(".list-pane .tools").getBoundingClientRect().bottom;
    const places = [...document.querySelectorAll(".windowed a.row")].map((row) => [row.getBoundingClientRect(), row.querySelector(".row-title").innerText]);
    return places.filter(([{ top, bottom }]) => top >= edge - 2 && bottom <= innerHeight).map(([, name]) => name);
  });
}

const topmost = async (page) => (await inSight(page))[0];

/** What is wrong with the screen as it is. */
async function faults(page) {
  const found = [];
  for (const [what, ...args] of [["sticksOut"], ["cut"], ["small", 44]]) found.push(...(await measure(page, what, ...args)));
  // Rows lie under the bars.
  const over = await measure(page, "overlaps");
  return [...found, ...over.filter((fault) => fault.includes(".letters")), ...(await violations(page))];
}
