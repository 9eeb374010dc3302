// A tablet stays open for weeks: whatever a screen took of memory, it gives back when it goes.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";

import { journey } from "./support/journey.js";
import { complaints, customers } from "./support/large.js";
import { heap, watchMemory } from "./support/memory.js";

/** Enough that a list of them scrolls. */
const CUSTOMERS = 600;
const COMPLAINTS = 40;
/** Turns until everything was used once and has its room. */
const WARM = 6;
const TURNS = 20;
/**
 * What may come on top in all these turns, in bytes: about 100 kB when this was written; memory of wasm grows by 64 kB at least.
 * With readers that stay on the lists of signals it was four million.
 */
const MOST = 800_000;

for (const [name, look] of [["a phone", {}], ["a tablet, whose list stays beside the card", { width: 1024, height: 768 }]]) {
  journey(`screens give back what they took (${name})`, async (shop, t) => {
    const device = await shop.device("A", look);
    const { app, page } = device;
    await watchMemory(device);
    await app.go("/");
    for (const [name, text] of [["customers.csv", customers(CUSTOMERS)], ["complaints.csv", complaints(COMPLAINTS)]]) {
      const file = path.join(device.profile, name);
      await writeFile(file, text);
      await app.importFile(file);
    }
    const cards = await links(app, "/customers", "a.row");
    const cases = await links(app, "/complaints", ".by-clock a");
    const screens = (n) => [
      cards[n % cards.length],
      `${cards[n % cards.length]}/edit`,
      `${cards[n % cards.length]}/new/dealing`,
      "/customers/new",
      cases[n % cases.length],
      "/complaints/new",
      "/complaints",
      "/standards/start",
      "/standards/quick",
      "/standards/reception/new",
      "/more/import",
      "/more/storage",
      "/more/records/staff/new",
      "/",
    ];
    const turn = async (n) => {
      for (const screen of screens(n)) await app.go(screen);
      await app.go("/customers");
      await page.getByRole("searchbox").fill(["王", "lf", "138", "普洱"][n % 4]);
      await page.getByRole("searchbox").fill("");
      await page.mouse.move(200, 500);
      for (const down of [900, 900, 900, -2_700]) await page.mouse.wheel(0, down);
    };
    for (let n = 0; n < WARM; n += 1) await turn(n);
    const before = await heap(device);
    for (let n = 0; n < TURNS; n += 1) await turn(n);
    const more = (await heap(device)) - before;
    t.diagnostic(`${Math.round(more / 1000)} kB more than ${Math.round(before / 1000)} kB after ${TURNS} turns through all screens`);
    assert.ok(more < MOST, `${more} bytes more`);
  });
}

/** Where the links of a list lead. */
async function links(app, route, selector) {
  await app.go(route);
  await app.page.locator(selector).first().waitFor();
  const hrefs = await app.page.locator(selector).evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  return hrefs.map((href) => href.slice(1));
}
