// What outside judges say: Lighthouse of the page, Chromium of the app that is to be installed.

import assert from "node:assert/strict";

import { audit, scores } from "./support/audit.js";
import { journey } from "./support/journey.js";

journey("Lighthouse finds nothing to better in accessibility and good practice", async (shop) => {
  const report = await audit(`${shop.endpoint.origin}/`, ["accessibility", "best-practices"]);
  assert.equal(report.runtimeError, undefined);
  for (const { id, score, missed } of scores(report)) assert.equal(score, 100, `${id}: ${missed.join("; ")}`);
});

journey("Chromium can install the app: manifest, icons, worker", async (shop) => {
  const device = await shop.device("A");
  const { app, page, context } = device;
  await app.go("/");
  await device.offlineReady();
  await app.reload();
  const browser = await context.newCDPSession(page);
  const workers = [];
  browser.on("ServiceWorker.workerErrorReported", ({ errorMessage }) => workers.push(errorMessage.errorMessage));
  await browser.send("ServiceWorker.enable");
  const { url, data, errors } = await browser.send("Page.getAppManifest");
  assert.ok(url.endsWith("/manifest.webmanifest"));
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await browser.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors, []);
  const { appId } = await browser.send("Page.getAppId");
  assert.equal(appId, `${app.origin}/`);

  const manifest = JSON.parse(data);
  for (const { src, sizes, type } of [...manifest.icons, ...(manifest.screenshots ?? [])]) {
    const answer = await fetch(new URL(src, url));
    assert.equal(answer.headers.get("content-type"), type, src);
    if (type === "image/png") assert.equal(pngSize(Buffer.from(await answer.arrayBuffer())), sizes, src);
  }
  for (const { url: shortcut } of manifest.shortcuts) {
    await app.go(new URL(shortcut, url).hash.slice(1));
    assert.equal(await page.getByText("没有这一页").count(), 0, shortcut);
  }
  assert.deepEqual(workers, []);
  const state = await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).active.state);
  assert.equal(state, "activated");
});

/** Width and height as a PNG's first chunk says. */
const pngSize = (bytes) => `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
