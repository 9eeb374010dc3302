// What outside judges say of the page: Lighthouse, and Chromium itself about what can be installed.

import lighthouse from "lighthouse";
import { chromium } from "playwright-core";

import { freePort } from "./port.js";

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"];

/** Lighthouse's report of a page, as on a phone, in a browser of its own. `categories` are those that it judges. */
export async function audit(url, categories) {
  const port = await freePort();
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: [...ARGS, `--remote-debugging-port=${port}`] });
  try {
    const { lhr } = await lighthouse(url, { port, onlyCategories: categories, logLevel: "error" });
    return lhr;
  } finally {
    await browser.close();
  }
}

/** The scores of a report out of 100, and what keeps each below it. */
export function scores({ categories, audits }) {
  return Object.values(categories).map(({ id, score, auditRefs }) => {
    const missed = auditRefs.map((ref) => audits[ref.id]).filter(({ score }) => score !== null && score < 1);
    return { id, score: Math.round(score * 100), missed: missed.map(({ id, title }) => `${id}: ${title}`) };
  });
}
