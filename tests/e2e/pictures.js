// The pictures of the app for its manifest and its README, taken of the real app. `cargo xtask pictures` runs it.

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { Device } from "./support/device.js";
import { Endpoint } from "./support/endpoint.js";
import { settled } from "./support/look.js";
import { places, sample } from "./support/places.js";
import { connect } from "./support/sharing.js";

const FOLDER = path.join(import.meta.dirname, "..", "..", "public", "screenshots");
/** As the manifest tells them apart; a phone's pixels are fine. */
const SIZES = { narrow: { width: 390, height: 844, sharpness: 2 }, wide: { width: 1280, height: 800, sharpness: 1 } };
const SCREENS = { narrow: ["today", "card", "complaint"], wide: ["today", "card"] };
/** Of 100: words are still sharp, and a picture has a few dozen KB. */
const QUALITY = 80;

await mkdir(FOLDER, { recursive: true });
for (const lang of ["zh", "en"]) {
  for (const [size, look] of Object.entries(SIZES)) {
    const endpoint = await Endpoint.start();
    const device = await Device.make("pictures", endpoint.origin, { lang, ...look });
    try {
      const app = await device.start();
      await connect(app, endpoint);
      await sample(app);
      const routes = await places(app);
      for (const screen of SCREENS[size]) {
        await app.go(routes[screen]);
        await settled(app.page);
        // That all of it is sample data is said on the screen; the picture is of a day in the shop.
        await app.page.locator(".today > .banner, .today > div > .banner").evaluateAll((notices) => notices.forEach((notice) => notice.remove()));
        await app.page.evaluate(() => document.activeElement.blur());
        await take(app.page, look, `${screen}-${size}-${lang}.webp`);
      }
    } finally {
      await device.stop();
      await endpoint.stop();
    }
  }
}

async function take(page, { width, height, sharpness }, name) {
  const browser = await page.context().newCDPSession(page);
  const clip = { x: 0, y: 0, width, height, scale: sharpness };
  const { data } = await browser.send("Page.captureScreenshot", { format: "webp", quality: QUALITY, clip });
  await writeFile(path.join(FOLDER, name), Buffer.from(data, "base64"));
  console.log(name);
}
