// How the page loads on a slow phone: Lighthouse's scores, and what a person sees first, measured by the browser itself.
//
// It measures and asserts nothing: a busy machine is no fault of the app. `cargo xtask bench --page` runs it; a file as
// its argument gets the table between its marks.

import { readFile, writeFile } from "node:fs/promises";

import { audit, scores } from "../support/audit.js";
import { Device } from "../support/device.js";
import { Endpoint } from "../support/endpoint.js";

const RUNS = Number(process.env.RUNS ?? 5);
const SLOWDOWN = 4;
/** What phones have on a usable mobile network: 9 Mbit/s down, 1.5 up, 170 ms there and back. */
const NETWORK = { offline: false, latency: 170, downloadThroughput: 9e6 / 8, uploadThroughput: 1.5e6 / 8 };
/** What still moves after this was moved by the person. */
const SETTLED_MS = 3_000;
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const MARKS = ["<!-- page -->\n", "<!-- end of page -->"];

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const endpoint = await Endpoint.start();
try {
  const loads = [];
  for (let run = 0; run < RUNS; run += 1) loads.push(await coldAndWarm());
  const reports = [];
  for (let run = 0; run < RUNS; run += 1) reports.push(await audit(`${endpoint.origin}/`, CATEGORIES));
  const table = tableOf(loads, reports);
  console.log(table);
  if (process.argv[2]) await document(process.argv[2], table);
} finally {
  await endpoint.stop();
}

/** A first visit with nothing kept, and one after it. */
async function coldAndWarm() {
  const device = await Device.make("page", endpoint.origin);
  try {
    await device.start();
    await device.context.addInitScript(noteFirstScreen);
    const cdp = await device.context.newCDPSession(device.page);
    await cdp.send("Network.enable");
    await cdp.send("Network.emulateNetworkConditions", NETWORK);
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
    const cold = await load(device, () => device.page.goto(`${endpoint.origin}/`));
    await device.offlineReady();
    const warm = await load(device, () => device.page.reload());
    return { cold, warm };
  } finally {
    await device.stop();
  }
}

/** Notes when the app's own first screen has its frame: the largest thing may be the picture that stands before it. */
function noteFirstScreen() {
  const observer = new MutationObserver(() => {
    if (!document.querySelector("main h1")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => (globalThis.firstScreen = performance.now())));
  });
  observer.observe(document, { childList: true, subtree: true });
}

/** When the largest thing of a screen was painted, and how much moved. */
async function load({ app, page }, open) {
  await open();
  await app.started();
  await page.waitForTimeout(SETTLED_MS);
  return page.evaluate(() => {
    const entries = (type) =>
      new Promise((done) => {
        const observer = new PerformanceObserver((list) => done(list.getEntries()));
        observer.observe({ type, buffered: true });
        setTimeout(() => done([]), 500);
      });
    const sum = (shifts) => shifts.filter((shift) => !shift.hadRecentInput).reduce((all, shift) => all + shift.value, 0);
    return Promise.all([entries("paint"), entries("largest-contentful-paint"), entries("layout-shift")]).then(
      ([paints, largest, shifts]) => ({
        first: paints.find(({ name }) => name === "first-contentful-paint")?.startTime,
        largest: largest.at(-1)?.startTime,
        screen: globalThis.firstScreen,
        shift: sum(shifts),
      }),
    );
  });
}

function tableOf(loads, reports) {
  const of = (kind, what) => median(loads.map((load) => load[kind][what]));
  const seconds = (ms) => `${(ms / 1_000).toFixed(2)} s`;
  const row = (...cells) => `| ${cells.join(" | ")} |`;
  const score = (id) => median(reports.map((report) => Math.round(report.categories[id].score * 100)));
  const all = [
    row("", "first visit", "later"),
    "|---|---:|---:|",
    row("first paint", seconds(of("cold", "first")), seconds(of("warm", "first"))),
    row("largest paint", seconds(of("cold", "largest")), seconds(of("warm", "largest"))),
    row("the app's first screen", seconds(of("cold", "screen")), seconds(of("warm", "screen"))),
    row("layout shift", of("cold", "shift").toFixed(3), of("warm", "shift").toFixed(3)),
    "",
    row("Lighthouse", reports[0].lighthouseVersion),
    "|---|---:|",
    ...CATEGORIES.map((id) => row(id, score(id))),
  ];
  const missed = new Set(reports.flatMap((report) => scores(report).flatMap((category) => category.missed)));
  for (const one of missed) console.log(`below the best: ${one}`);
  return `${all.join("\n")}\n`;
}

async function document(file, table) {
  const text = await readFile(file, "utf8");
  const [before, rest] = text.split(MARKS[0]);
  const after = rest?.split(MARKS[1])[1];
  if (after === undefined) throw new Error(`${file} has no place for the table`);
  await writeFile(file, `${before}${MARKS[0]}${table}${MARKS[1]}${after}`);
}
