// What goes on paper (P11, S10), by day and by night, from a phone as from a tablet.

import assert from "node:assert/strict";
import { writeFile, mkdir } from "node:fs/promises";
import path from "node:path";

import { OUTPUT, journey } from "./support/journey.js";
import { completeCheck, takeComplaint } from "./support/shop.js";

for (const [lang, look] of [
  ["zh", { scheme: "dark" }],
  ["en", { width: 1024, height: 768 }],
]) {
  journey(`a complaint and a check are one sheet each, a card goes whole (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang, ...look });
    await app.go("/");
    await app.button("用示例数据试试", "Try it with sample data").click();
    await app.sees("这里有示例数据", "Sample data is here");

    await takeComplaint(app, app.say("鞋底开胶", "The sole came off"));
    await app.link("开始处理", "Begin handling").click();
    await page.locator(".quote").waitFor();
    assert.equal(await sheets(page, `complaint ${lang}`), 1);
    const boxes = await onPaper(page, () => page.locator(".paper").innerText());
    for (const said of [app.say("鞋底开胶", "The sole came off"), app.say("处理决定", "Decision"), app.say("客户签字", "Customer")]) {
      assert.ok(boxes.includes(said), `${said} is not on the sheet`);
    }

    await completeCheck(app);
    assert.equal(await sheets(page, `check ${lang}`), 1);

    await app.go("/customers");
    await page.locator("a.row").first().click();
    await page.locator(".card-names h1").waitFor();
    // The dialog of the printer is the browser's; here the sheet is taken as it would see it.
    await page.evaluate(() => {
      globalThis.printed = new Promise((printed) => {
        globalThis.print = () => printed(document.querySelector(".card-pane").innerText);
      });
    });
    await page.locator(".card-pane").getByRole("button", { name: app.say("更多操作", "More actions"), exact: true }).click();
    await app.button("打印", "Print").click();
    const card = await page.evaluate(() => globalThis.printed);
    for (const part of [app.say("分类", "Classification"), app.say("往来", "Dealings"), app.say("下一步", "Next step")]) {
      assert.ok(card.includes(part), `${part} is not on the card`);
    }
    await page.getByRole("tab", { name: app.say("往来", "Dealings"), selected: true }).waitFor();
  });
}

/** How many sheets the page takes. */
async function sheets(page, name) {
  await page.locator(".toast button[aria-label]").evaluateAll((crosses) => crosses.forEach((cross) => cross.click()));
  const pdf = await page.pdf({ preferCSSPageSize: true });
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(path.join(OUTPUT, `${name}.pdf`), pdf);
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g).length;
}

/** Looks at the page as the printer sees it. */
async function onPaper(page, look) {
  await page.emulateMedia({ media: "print" });
  const seen = await look();
  await page.emulateMedia({ media: null });
  return seen;
}
