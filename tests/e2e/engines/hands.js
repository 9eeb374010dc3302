// A person's hands and eyes on any engine: what is read and pressed, by roles and visible words. It knows WebDriver, and
// nothing of a browser.

import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { error } from "selenium-webdriver";

const LIBRARY = await readFile(fileURLToPath(import.meta.resolve("@testing-library/dom/dist/@testing-library/dom.umd.min.js")), "utf8");
/** Generous, since a busy machine is no fault of the app. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;

/** Whether a driver's answer means that what it was asked about is being left; each driver says it in its own way. */
const isLeft = (fault) =>
  fault instanceof error.StaleElementReferenceError || fault instanceof error.NoSuchFrameError || /unload/.test(fault.message);

/** Finds what is in sight: arguments are how, by what, in which part. A window over the page hides the rest of it. */
const FIND = `
  const library = window.TestingLibraryDom;
  if (!library) return "no library";
  const [how, role, name] = arguments;
  const over = [...document.querySelectorAll("dialog[open]")].at(-1);
  const part = over ?? document.body;
  const all = how === "role" ? library.queryAllByRole(part, role, name ? { name } : {}) : library.queryAllByLabelText(part, name);
  const found = all.find((element) => element.matches("input, select") || element.checkVisibility());
  found?.scrollIntoView({ block: "center", behavior: "instant" });
  return found ?? null;
`;

/** Characters beyond the basic plane, which WebKit's driver loses when it types them. */
const RARE = /[\u{10000}-\u{10FFFF}]/u;

/** Puts a text in where the cursor is, as pasting does. */
const PASTE = `
  arguments[0].focus();
  document.execCommand("insertText", false, arguments[1]);
`;

/** The first element in sight. */
const SHOWN = `
  const found = [...document.querySelectorAll(arguments[0])].find((element) => element.checkVisibility());
  found?.scrollIntoView({ block: "center", behavior: "instant" });
  return found ?? null;
`;

/** What answers an item of a check best: the label of a choice, or a field. */
const ANSWER = `
  const [item, pass] = arguments;
  const labels = [...item.querySelectorAll("input[type=radio]")].map((choice) => choice.labels[0]);
  const scores = item.querySelector(".dots") ? labels.filter((label) => label.closest(".dots")) : [];
  const label = labels.find((label) => label.textContent.trim() === pass) ?? scores.at(-1) ?? labels[0];
  const answer = label ?? item.querySelector("textarea, input");
  answer.scrollIntoView({ block: "center", behavior: "instant" });
  return [answer, label?.control];
`;

export class Hands {
  constructor({ driver, downloads }, origin) {
    this.driver = driver;
    this.downloads = downloads;
    this.origin = origin;
    this.lang = "zh";
  }

  /** A text in the language of the screens. */
  say(zh, en) {
    return this.lang === "zh" ? zh : en;
  }

  /** Goes to a route and waits until the app shows it. */
  async go(route) {
    await this.driver.get(`${this.origin}/#${route}`);
    await this.started();
  }

  /** Waits until a screen is there. Within the open app only the fragment changes: the next frames show the new screen. */
  async started() {
    const frames = "requestAnimationFrame(() => requestAnimationFrame(() => arguments[0](true)))";
    await this.until(() => this.driver.executeAsyncScript(frames), "two frames");
    await this.until(() => this.has("main h1"), "a screen");
  }

  /** Opens the app anew, as after closing it. A driver's own reload asks past the service worker on some engines. */
  async reload() {
    await this.driver.executeScript("window.isLeft = true; location.reload()");
    await this.until(() => this.driver.executeScript("return !window.isLeft"), "the page anew");
    await this.started();
  }

  /** Where in the app the person is. */
  async route() {
    return new URL(await this.driver.getCurrentUrl()).hash.slice(1);
  }

  /** Waits until the app has gone to a route of this form. */
  async arrives(pattern) {
    await this.until(async () => pattern.test(await this.route()), `a route like ${pattern}`);
  }

  async press(role, zh, en = zh) {
    const element = await this.#find("role", role, this.say(zh, en));
    await element.click();
  }

  async pressButton(zh, en) {
    await this.press("button", zh, en);
  }

  /** Presses the first of these elements. */
  async pressFirst(css) {
    const element = await this.until(() => this.driver.executeScript(SHOWN, css), css);
    await element.click();
  }

  /** Waits for something of a role and name. */
  async finds(role, zh, en = zh) {
    await this.#find("role", role, this.say(zh, en));
  }

  /** Chooses a chip, whose words are the label of a hidden control. */
  async choose(zh, en) {
    const control = await this.#find("role", "radio", this.say(zh, en));
    const label = await this.driver.executeScript("return arguments[0].labels[0]", control);
    await label.click();
  }

  /** Gives the best answer to every item of a check: it passes, has full marks, or says something. Waits until all are saved. */
  async answerAll() {
    const items = await this.driver.findElements({ css: ".items > li" });
    for (const item of items) {
      const [answer, choice] = await this.driver.executeScript(ANSWER, item, this.say("合格", "Pass"));
      if (choice) {
        await answer.click();
        await this.until(() => choice.isSelected(), "the choice");
      } else {
        await this.#write(answer, "1");
      }
    }
    // The screen counts an answer when it is saved.
    await this.reads(/(\d+) \/ \1\b/);
  }

  /** Sets the language of the screens. A driver has no say in that of every browser. */
  async speak(lang) {
    this.lang = lang;
    await this.go("/more/language");
    await this.choose("简体中文", "English");
    await this.sees("语言与外观", "Language and look");
  }

  /** Waits until the app can be opened without a network. */
  async offlineReady() {
    await this.driver.executeAsyncScript("navigator.serviceWorker.ready.then(() => arguments[0]())");
  }

  /** What went wrong in the pages that no person would see. */
  async faults() {
    return this.driver.executeScript("return JSON.parse(sessionStorage.faults ?? '[]')");
  }

  /** Writes into a field in place of what is there. */
  async type(zh, en, text) {
    await this.#write(await this.#find("label", null, this.say(zh, en)), text);
  }

  async search(text) {
    await this.#write(await this.#find("role", "searchbox"), text);
  }

  /** What a field holds. */
  async value(zh, en) {
    const field = await this.#find("label", null, this.say(zh, en));
    return this.driver.executeScript("return arguments[0].value", field);
  }

  /** Gives a file to the field that takes files. */
  async upload(file) {
    const field = await this.until(async () => (await this.driver.findElements({ css: "input[type=file]" }))[0], "a field for files");
    await field.sendKeys(file);
  }

  /** Presses something that hands over a file. Returns where it lies. */
  async download(zh, en) {
    const before = new Set(await readdir(this.downloads));
    await this.pressButton(zh, en);
    const name = await this.until(async () => {
      const names = await readdir(this.downloads);
      // What still arrives has a second file beside it, or a name of its own.
      return names.some((name) => /\.(part|crdownload|wkdownload)$/.test(name)) ? null : names.find((name) => !before.has(name));
    }, "a file");
    return path.join(this.downloads, name);
  }

  /** Waits for words anywhere on the screen. */
  async sees(zh, en = zh) {
    const words = this.say(zh, en);
    await this.until(async () => (await this.#words()).includes(words), `“${words}”`);
  }

  /** Waits for words of a form, and returns what the form catches of them. */
  async reads(pattern) {
    return this.until(async () => pattern.exec(await this.#words())?.[1], `words like ${pattern}`);
  }

  /** Whether words are on the screen now. */
  async saw(words) {
    return (await this.#words()).includes(words);
  }

  /** Waits until words are nowhere on the screen. */
  async seesNoMore(zh, en = zh) {
    const words = this.say(zh, en);
    await this.until(async () => !(await this.#words()).includes(words), `no “${words}”`);
  }

  /** The words of the first of these elements. */
  async text(css) {
    return this.until(() => this.driver.executeScript("return document.querySelector(arguments[0])?.innerText", css), css);
  }

  /** Whether there is an element like this. */
  async has(css) {
    return this.driver.executeScript("return Boolean(document.querySelector(arguments[0]))", css);
  }

  async #words() {
    return this.driver.executeScript("return document.body.innerText");
  }

  async #find(how, role, name) {
    return this.until(async () => {
      const found = await this.driver.executeScript(FIND, how, role, name);
      if (found !== "no library") return found;
      await this.driver.executeScript(`${LIBRARY}; window.TestingLibraryDom ??= globalThis.TestingLibraryDom;`);
      return null;
    }, `${role ?? "a field"} “${name ?? ""}”`);
  }

  async #write(field, text) {
    await field.clear();
    if (RARE.test(text)) await this.driver.executeScript(PASTE, field, text);
    else await field.sendKeys(text);
  }

  /** Asks again until there is an answer. What went away while it was looked at, with its page or alone, is looked for again. */
  async until(ask, what) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await ask().catch((fault) => {
        if (!isLeft(fault)) throw fault;
      });
      if (answer) return answer;
      if (Date.now() > end) throw new Error(`there is still not ${what} at ${await this.driver.getCurrentUrl()}`);
      await new Promise((soon) => setTimeout(soon, PAUSE_MS));
    }
  }
}
