// The app as a person uses it: what is read and pressed, by visible words and roles, in the language of the screens.

import { readArchive } from "./archive.js";

export class App {
  constructor(page, origin, lang) {
    this.page = page;
    this.origin = origin;
    this.lang = lang;
  }

  /** The same app in another tab. */
  on(page) {
    return new App(page, this.origin, this.lang);
  }

  /** A text in the language of the screens. */
  say(zh, en) {
    return this.lang === "zh" ? zh : en;
  }

  /** Goes to a route and waits until the app shows it. */
  async go(route) {
    await this.page.goto(`${this.origin}/#${route}`);
    await this.started();
    // Within the open app only the fragment changes: the next frames show the new screen.
    await this.page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))));
  }

  /** Waits until the book is open and a screen is there. */
  async started() {
    await this.page.locator("main h1").last().waitFor();
  }

  /** Where in the app the person is. */
  route() {
    return new URL(this.page.url()).hash.slice(1);
  }

  /** Opens the app anew, as after closing it. */
  async reload() {
    await this.page.reload();
    await this.started();
  }

  button(zh, en) {
    return this.page.getByRole("button", { name: this.say(zh, en), exact: true });
  }

  link(zh, en) {
    return this.page.getByRole("link", { name: this.say(zh, en), exact: true });
  }

  field(zh, en) {
    return this.page.getByLabel(this.say(zh, en), { exact: true });
  }

  /** Waits for words anywhere on the screen. */
  async sees(zh, en = zh) {
    await this.page.getByText(this.say(zh, en)).filter({ visible: true }).first().waitFor();
  }

  /** Chooses a file to import and waits for the dry run. Returns its counts. */
  async dryRun(file) {
    // By way of the menu, since a finished import stays on the screen.
    await this.go("/more");
    await this.go("/more/import");
    await this.page.locator("input[type=file]").setInputFiles(file);
    await this.button("试运行", "Dry run").click();
    const count = async (zh, en) => {
      const stat = this.page.locator(".stat", { hasText: this.say(zh, en) }).locator("b");
      return Number(await stat.innerText());
    };
    return {
      fresh: await count("新记录", "New"),
      duplicates: await count("重复", "Duplicates"),
      rejects: await count("不能导入", "Rejected"),
      blank: await count("空行", "Blank"),
    };
  }

  /** Imports what the dry run showed. */
  async importPlanned({ fresh }) {
    await this.button(`导入 ${fresh} 条`, `Import ${fresh}`).click();
    await this.sees(`已导入 ${fresh} 条`, `${fresh} imported`);
  }

  /** Imports a file whole. Returns the counts of its dry run. */
  async importFile(file) {
    const counts = await this.dryRun(file);
    await this.importPlanned(counts);
    return counts;
  }

  /** Presses something that hands over a file. Returns where it lies. */
  async download(button) {
    const [download] = await Promise.all([this.page.waitForEvent("download"), button.click()]);
    return download.path();
  }

  /** Exports everything and reads it back. */
  async archive() {
    await this.go("/more/export");
    return readArchive(await this.download(this.button("导出全部", "Export everything")));
  }
}
