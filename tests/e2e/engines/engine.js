// The three engines, each in the browser that Debian has of it, driven by WebDriver.

import { spawn } from "node:child_process";
import { access, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";

import { Builder } from "selenium-webdriver";
import * as chrome from "selenium-webdriver/chrome.js";
import * as firefox from "selenium-webdriver/firefox.js";

import { freePort } from "../support/port.js";

const ZH = "zh-CN,zh";
/** A large phone; engines do not all make smaller windows. */
const WINDOW = { width: 500, height: 900 };
/** Where Debian has WebKitGTK's own browser. */
const MINI_BROWSERS = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"];

/** Each starts a browser with an empty profile in `folder`; what it saves goes to `downloads`. Answers how to drive and how to end it. */
const ENGINES = { chromium: startChromium, firefox: startFirefox, webkit: startWebKit };

/** The engines that the command line names; without it, all of them. */
export const WANTED = (process.env.DIANBU_ENGINES ?? Object.keys(ENGINES).join(",")).split(",");

/** Starts an engine. Returns its driver, and what ends it with everything it started. */
export async function startEngine(engine, folder) {
  const downloads = path.join(folder, "downloads");
  await mkdir(downloads);
  const { driver, end = async () => {} } = await ENGINES[engine](folder, downloads);
  await driver.manage().window().setRect(WINDOW);
  const stop = async () => {
    await driver.quit().catch(() => {});
    await end();
  };
  return { driver, downloads, stop };
}

async function startChromium(folder, downloads) {
  const options = new chrome.Options();
  options.setChromeBinaryPath(process.env.CHROMIUM ?? "/usr/bin/chromium");
  options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic");
  options.addArguments("--no-first-run", `--user-data-dir=${path.join(folder, "profile")}`);
  options.setUserPreferences({ "intl.accept_languages": ZH, "download.default_directory": downloads });
  const service = new chrome.ServiceBuilder(process.env.CHROMEDRIVER ?? "/usr/bin/chromedriver");
  return { driver: await new Builder().forBrowser("chrome").setChromeOptions(options).setChromeService(service).build() };
}

async function startFirefox(folder, downloads) {
  const options = new firefox.Options();
  options.setBinary(process.env.FIREFOX ?? "/usr/bin/firefox-esr");
  options.addArguments("-headless");
  const preferences = {
    "intl.accept_languages": ZH,
    "browser.download.folderList": 2,
    "browser.download.dir": downloads,
    "browser.helperApps.neverAsk.saveToDisk": "application/zip,text/csv,text/vcard,text/calendar",
  };
  for (const [name, value] of Object.entries(preferences)) options.setPreference(name, value);
  const service = new firefox.ServiceBuilder(process.env.GECKODRIVER);
  return { driver: await new Builder().forBrowser("firefox").setFirefoxOptions(options).setFirefoxService(service).build() };
}

/** WebKitGTK wants a display, and a home of its own: it takes its folders from there. */
async function startWebKit(folder, downloads) {
  const config = path.join(folder, "config");
  await mkdir(config);
  await writeFile(path.join(config, "user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  const display = await startDisplay();
  const env = { ...process.env, DISPLAY: display.name, HOME: folder, XDG_CONFIG_HOME: config, NO_AT_BRIDGE: "1" };
  for (const name of ["CACHE", "DATA", "STATE"]) env[`XDG_${name}_HOME`] = path.join(folder, name.toLowerCase());
  // Its own sandbox needs namespaces, which a container does not give.
  env.WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS = "1";
  const { process: webdriver, port } = await startWebKitDriver(env);
  const end = async () => {
    for (const one of [webdriver, display.process]) await ended(one);
  };
  try {
    const options = { binary: await miniBrowser(), args: ["--automation"] };
    const capabilities = { browserName: "MiniBrowser", "webkitgtk:browserOptions": options };
    const server = `http://127.0.0.1:${port}`;
    return { driver: await new Builder().usingServer(server).withCapabilities(capabilities).build(), end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function startDisplay() {
  const stdio = ["ignore", "ignore", "ignore", "pipe"];
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], { stdio });
  for await (const line of createInterface({ input: server.stdio[3] })) return { process: server, name: `:${line}` };
  throw new Error("Xvfb has no display");
}

/** It does not tell which port it took, so that one is chosen for it. */
async function startWebKitDriver(env) {
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], { env, stdio: "ignore" });
  for (;;) {
    const answers = await fetch(`http://127.0.0.1:${port}/status`).then(() => true, () => false);
    if (answers) return { process: driver, port };
    if (driver.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${driver.exitCode}`);
    await new Promise((soon) => setTimeout(soon, 50));
  }
}


async function miniBrowser() {
  const { arch } = process;
  const triple = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" }[arch];
  for (const version of MINI_BROWSERS) {
    const file = `/usr/lib/${triple}/${version}/MiniBrowser`;
    if (await access(file).then(() => true, () => false)) return file;
  }
  throw new Error("WebKitGTK's MiniBrowser is not installed: it comes with Debian's webkit2gtk-driver");
}

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await exit;
}
