// A device of the shop: Chromium with a profile of its own, as a person's hands and eyes have it.

import assert from "node:assert/strict";
import { mkdtemp, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

import { App } from "./app.js";

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Generous, since a busy machine is no fault of the app. */
const PATIENCE_MS = 60_000;
const LOCALE = { zh: "zh-CN", en: "en-GB" };

export class Device {
  /** What went wrong in its pages that no person would see. */
  faults = [];

  /** A device that has never opened the app. `look` is what differs from a Chinese phone by day. */
  static async make(name, origin, look = {}) {
    const device = new Device();
    device.name = name;
    device.origin = origin;
    device.look = { lang: "zh", width: 390, height: 844, scheme: "light", sharpness: 1, args: [], ...look };
    device.profile = await mkdtemp(path.join(tmpdir(), `dianbu-e2e-${name}-`));
    return device;
  }

  /** Switches the device on. Returns the app as a person uses it, not opened yet. */
  async start() {
    const { lang, width, height, scheme, sharpness, args } = this.look;
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [...ARGS, ...args],
      locale: LOCALE[lang],
      timezoneId: "Asia/Shanghai",
      viewport: { width, height },
      deviceScaleFactor: sharpness,
      colorScheme: scheme,
      acceptDownloads: true,
    });
    this.context.setDefaultTimeout(PATIENCE_MS);
    this.#listen();
    await this.context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    this.app = new App(this.page, this.origin, lang);
    return this.app;
  }

  #listen() {
    // The app talks to its own origin and to the shop's bucket, which are both on this machine.
    this.context.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith("http") && hostname !== "127.0.0.1") this.faults.push(`${this.name}: asked ${hostname}`);
    });
    this.context.on("weberror", (error) => this.faults.push(`${this.name}: ${error.error()}`));
    this.context.on("console", (message) => {
      if (message.type() === "error" && !isExpected(message)) this.faults.push(`${this.name}: ${message.text()}`);
    });
  }

  /** Takes the network away, or gives it back. */
  async setOffline(offline) {
    await this.context.setOffline(offline);
  }

  /** Waits until the app can be opened without a network. */
  async offlineReady() {
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  }

  /** Kills the browser with everything it has started, as a dead battery would. */
  async kill() {
    // The browser names its own process in the lock of its profile; it leads the group that the others belong to.
    const lock = await readlink(path.join(this.profile, "SingletonLock"));
    const closed = new Promise((resolve) => this.context.once("close", resolve));
    process.kill(-Number(lock.slice(lock.lastIndexOf("-") + 1)), "SIGKILL");
    await closed;
  }

  /** Switches the device off, unless it is; `start` switches it on again. */
  async switchOff() {
    const { context } = this;
    this.context = undefined;
    await context?.close();
  }

  /** Switches it off for ever. */
  async stop() {
    await this.switchOff();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Fails if a page reported an error, even one that nobody would have seen. */
  assertFaultless() {
    assert.deepEqual(this.faults, []);
  }
}

/** The browser reports every answer that is not a success; the app asks for some of them: whether an object is there, whether a condition holds, whether there is a network. A page that is left breaks off what it was fetching. */
function isExpected(message) {
  const text = message.text();
  return /^Failed to load resource: (net::ERR_|the server responded with a status of (404|412) )|Response body loading was aborted/.test(text);
}
