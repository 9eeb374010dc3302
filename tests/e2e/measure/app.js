// The real app with 100,000 customers on a processor four times slower than this one: what a person waits for.
//
// It measures and asserts nothing: a busy machine is no fault of the app. `cargo xtask bench --app` runs it.

import { writeFile } from "node:fs/promises";
import path from "node:path";

import { Device } from "../support/device.js";
import { Endpoint } from "../support/endpoint.js";
import { fetchAndStore, noteFetched } from "../support/joining.js";
import { complaints, customers } from "../support/large.js";
import { heap, watchMemory } from "../support/memory.js";
import { connect, invite, join, shared } from "../support/sharing.js";

const SLOWDOWN = 4;
const ROWS = Number(process.env.ROWS ?? 100_000);
const EDITS = Number(process.env.EDITS ?? 10_000);
const SCREENS = Number(process.env.SCREENS ?? 500);
/** Networks to join over, in Mbit/s; 0 is none at all between browser and bucket. */
const NETWORKS = [9, 50, 100, 0];
const PATIENCE_MS = 900_000;
/** Edits before what they leave in memory is counted. */
const WARMING_EDITS = Math.min(500, EDITS);
/** So many customers are edited in turn. */
const EDITED = 200;
const QUERIES = ["王", "王伟", "wang", "wwf", "138", "李芳", "lifang", "普洱", "人民路 12", "zhangmin"];

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0;
const ms = (value) => `${Math.round(value)} ms`;
const results = [];
const tell = (what, value) => {
  results.push([what, value]);
  console.log(`${what}: ${value}`);
};

const endpoint = await Endpoint.start();
const devices = [];
try {
  const a = await open("A");
  const file = path.join(a.profile, "customers.csv");
  await writeFile(file, customers(ROWS));
  await slow(a, SLOWDOWN);
  await observe(a);
  const planned = await a.app.dryRun(file);
  tell("longest task while a file is opened and tried", ms(await longest(a)));
  await observe(a);
  await a.app.importPlanned(planned);
  tell("longest task while importing", ms(await longest(a)));
  await observe(a);
  await a.page.waitForTimeout(6_000);
  tell("longest task while the pages are written", ms(await longest(a)));

  await a.app.reload();
  await a.page.waitForTimeout(3_000);
  tell("longest task of a start, after its first second", ms(await longest(a, 1_000)));
  await keys(a);
  await scrolling(a);
  await cards(a);

  // What a team has besides: it is shared and joined with the customers.
  const log = path.join(a.profile, "complaints.csv");
  await writeFile(log, complaints(ROWS / 2));
  await a.app.importFile(log);
  await observe(a);
  await connect(a.app, endpoint);
  tell("longest task while sharing everything", ms(await longest(a)));
  const link = await invite(a.app);
  await shared(a.app);
  const b = await open("B");
  await slow(b, SLOWDOWN);
  const began = performance.now();
  await join(b.app, link);
  tell("joining", ms(performance.now() - began));
  await b.page.waitForTimeout(5_000);
  // The app began anew in the team's book, so this is its whole life.
  tell("longest task while pulling everything, after the first second", ms(await longest(b, 1_000)));
  await b.switchOff();

  await slow(a, 1);
  for (const rate of NETWORKS) await joining(link, rate);
  await memory(a);
} finally {
  await Promise.all(devices.map((device) => device.stop()));
  await endpoint.stop();
}
if (process.argv[2]) await writeFile(process.argv[2], JSON.stringify({ rows: ROWS, slowdown: SLOWDOWN, results }));

async function open(name) {
  const device = await Device.make(name, endpoint.origin);
  devices.push(device);
  await device.start();
  device.context.setDefaultTimeout(PATIENCE_MS);
  await observeAll(device);
  device.cdp = await device.context.newCDPSession(device.page);
  await device.app.go("/");
  return device;
}

function slow({ cdp }, rate) {
  return cdp.send("Emulation.setCPUThrottlingRate", { rate });
}

/** Notes long tasks, slow events and memories of every page that is opened from here on. */
async function observeAll({ context }) {
  await watchMemory({ context });
  await context.addInitScript(() => {
    globalThis.tasks = [];
    globalThis.events = [];
    const note = (list) => (entries) => {
      for (const { startTime, duration, name } of entries.getEntries()) list.push({ startTime, duration, name });
    };
    new PerformanceObserver(note(globalThis.tasks)).observe({ type: "longtask" });
    new PerformanceObserver(note(globalThis.events)).observe({ type: "event", durationThreshold: 16 });
  });
}

/** Forgets what was noted. */
function observe({ page }) {
  return page.evaluate(() => {
    globalThis.tasks.length = 0;
    globalThis.events.length = 0;
  });
}

/** The longest task since then, in milliseconds; those before a moment of the page's life do not count. */
async function longest({ page }, after = 0) {
  const tasks = await page.evaluate(() => globalThis.tasks);
  return Math.max(0, ...tasks.filter(({ startTime }) => startTime >= after).map(({ duration }) => duration));
}

/** A device that joins over a network like this, at full speed: from the button to the list that counts all of them, beside fetching and storing the same bytes. */
async function joining(link, rate) {
  const device = await open(`joins at ${rate}`);
  const { app, cdp, page } = device;
  const urls = noteFetched(device);
  await page.goto(link);
  const button = app.button("加入", "Join");
  await button.waitFor();
  // What the app itself needs lies on the device already.
  await page.waitForTimeout(2_000);
  if (rate) {
    const bytes = (rate * 1_000_000) / 8;
    await cdp.send("Network.enable");
    await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: bytes, uploadThroughput: bytes });
  }
  const began = performance.now();
  await button.click();
  await page.waitForURL((url) => !url.hash.includes("join"));
  await app.started();
  await page.evaluate(() => (location.hash = "#/customers"));
  await page.waitForFunction((rows) => document.querySelector(".list-count")?.textContent.includes(rows), String(ROWS));
  const took = performance.now() - began;
  await shared(app);
  // Whatever is still done has its time.
  await page.waitForTimeout(4_000);
  const plain = await fetchAndStore(page, urls);
  const times = `${(took / plain.ms).toFixed(1)} × fetching and storing the same ${(plain.bytes / 1e6).toFixed(2)} MB`;
  tell(`joining ${rate ? `at ${rate} Mbit/s` : "without a network between"}`, `${ms(took)}, ${times}`);
  await device.switchOff();
}

/** From a key to the frame that shows what it found, by the browser's own event timing. */
async function keys(device) {
  const { app, page } = device;
  await app.go("/customers");
  await page.locator("a.row").first().waitFor();
  const box = page.getByRole("searchbox");
  await box.click();
  await observe(device);
  let pressed = 0;
  for (const query of QUERIES) {
    await box.fill("");
    for (const key of query) {
      await page.keyboard.insertText(key);
      pressed += 1;
      await page.waitForTimeout(120);
    }
  }
  await page.waitForTimeout(500);
  const inputs = await page.evaluate(() => globalThis.events.filter(({ name }) => name === "input").map(({ duration }) => duration));
  // What took less than two frames is not reported.
  const durations = [...inputs, ...Array(Math.max(0, pressed - inputs.length)).fill(16)];
  tell(`key to painted result, ${pressed} keys, median`, ms(quantile(durations, 0.5)));
  tell("key to painted result, p95", ms(quantile(durations, 0.95)));
  tell("longest task while typing", ms(await longest(device)));
  await box.fill("");
}

/** Frames while scrolling in which the middle of the list shows no row. */
async function scrolling({ app, page }) {
  await app.go("/customers");
  await page.locator("a.row").first().waitFor();
  const counting = page.evaluate(
    () =>
      new Promise((done) => {
        let [frames, blank] = [0, 0];
        const began = performance.now();
        const look = () => {
          frames += 1;
          const at = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
          if (!at?.closest("a.row")) blank += 1;
          if (performance.now() - began < 6_000) requestAnimationFrame(look);
          else done({ frames, blank });
        };
        requestAnimationFrame(look);
      }),
  );
  await page.mouse.move(195, 500);
  for (let n = 0; n < 100; n += 1) {
    await page.mouse.wheel(0, n % 10 === 9 ? 8_000 : 600);
    await page.waitForTimeout(40);
  }
  const { frames, blank } = await counting;
  tell("frames while scrolling, and those without rows", `${frames}, ${blank}`);
}

/** From pressing a row to its card. */
async function cards({ app, page }) {
  const took = [];
  for (let n = 0; n < 15; n += 1) {
    await app.go("/customers");
    await page.locator("a.row").nth(n % 5).waitFor();
    took.push(
      await page.evaluate(
        (n) =>
          new Promise((done) => {
            const row = document.querySelectorAll("a.row")[n % 5];
            const name = row.querySelector(".row-title").textContent;
            const began = performance.now();
            row.click();
            const look = () => {
              const there = [...document.querySelectorAll(".card-pane h1")].some((one) => one.textContent.includes(name));
              if (there) requestAnimationFrame(() => done(performance.now() - began));
              else requestAnimationFrame(look);
            };
            look();
          }),
        n,
      ),
    );
  }
  tell("opening a card, median", ms(quantile(took, 0.5)));
  tell("opening a card, p95", ms(quantile(took, 0.95)));
}

/** Edits of many customers and screens without end, and what stays of them in memory. */
async function memory(device) {
  const { app, page } = device;
  // What an import needed is no part of it.
  await app.reload();
  const targets = await cardsOf(device, EDITED);
  const [first] = targets;
  const screens = ["/", "/customers", first, "/standards", "/complaints", "/more", `${first}/edit`, "/more/devices"];
  const walk = async (count) => {
    for (let n = 0; n < count; n += 1) await app.go(screens[n % screens.length]);
  };
  const edit = async (count) => {
    for (let n = 0; n < count; n += 1) {
      const form = `#${targets[n % targets.length]}/edit`;
      await page.evaluate((hash) => (location.hash = hash), form);
      await page.waitForURL((url) => url.hash === form);
      await app.field("备注", "Note").fill(`第 ${n} 次`);
      await app.button("保存", "Save").click();
      await page.waitForURL((url) => !url.hash.endsWith("/edit"));
      if (n % 1_000 === 999) console.log(`${n + 1} edits`);
    }
    await app.go("/");
  };
  // Until everything was used once and has its room, the first pages and snapshot of changed rows included.
  await walk(screens.length * 2);
  await edit(WARMING_EDITS);
  await page.waitForTimeout(10_000);
  await observe(device);
  const before = await heap(device);
  await edit(EDITS);
  await walk(SCREENS);
  await page.waitForTimeout(10_000);
  await observe(device);
  const after = await heap(device);
  tell(`memory before and after ${EDITS} edits and ${SCREENS} screens`, `${mib(before)}, ${mib(after)} (${(after / before).toFixed(2)} ×)`);
  const { usage } = await page.evaluate(() => navigator.storage.estimate());
  tell("storage used", mib(usage));
}

/** The routes of the first so many cards of the list. */
async function cardsOf({ app, page }, count) {
  await app.go("/customers");
  await page.locator("a.row").first().waitFor();
  await page.mouse.move(195, 500);
  const routes = new Set();
  while (routes.size < count) {
    const hrefs = await page.locator("a.row").evaluateAll((rows) => rows.map((row) => row.getAttribute("href")));
    for (const href of hrefs) routes.add(href.slice(1));
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(50);
  }
  return [...routes].slice(0, count);
}

function mib(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
