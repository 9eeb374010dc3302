// A copy of the built app into which a newer version can be released.

import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { setting } from "./endpoint.js";

/** The file that a new version changes: every start reads it. */
const CHANGED = "boot.js";

export class Release {
  static async copy() {
    const release = new Release();
    release.folder = await mkdtemp(path.join(tmpdir(), "dianbu-e2e-dist-"));
    await cp(setting("DIANBU_DIST"), release.folder, { recursive: true });
    return release;
  }

  /** Puts a version into the folder that differs by a remark. `whole` is false for one that arrives damaged. */
  async publish(version, { whole = true } = {}) {
    const boot = `${await this.#read(CHANGED)}\n// ${version}\n`;
    await this.#write(CHANGED, boot);
    const hash = hashOf(whole ? boot : `${boot}damaged`);
    const list = (await this.#read("precache.js"))
      .replace(/version: "[^"]*"/, `version: "${version}"`)
      .replace(new RegExp(`("${CHANGED}", )"[^"]*"`), `$1"${hash}"`);
    await this.#write("precache.js", list);
  }

  /** Lets every page keep what goes wrong in it, from its first moment on, in `sessionStorage.faults`. */
  async listen() {
    const listener = await readFile(path.join(import.meta.dirname, "listen.js"), "utf8");
    await this.#write("listen.js", listener);
    const page = (await this.#read("index.html")).replace("<head>", '<head><script src="listen.js"></script>');
    await this.#write("index.html", page);
    const list = (await this.#read("precache.js"))
      .replace(/("index.html", )"[^"]*"/, `$1"${hashOf(page)}"`)
      .replace("files: [", `files: [["listen.js", "${hashOf(listener)}"],`);
    await this.#write("precache.js", list);
  }

  /** Takes files away, as a network does that broke off. Returns what brings them back. */
  async hide(pattern) {
    const names = (await readdir(this.folder, { recursive: true })).filter((name) => pattern.test(name));
    const at = (name) => path.join(this.folder, name);
    await Promise.all(names.map((name) => rename(at(name), at(`${name}.hidden`))));
    return () => Promise.all(names.map((name) => rename(at(`${name}.hidden`), at(name))));
  }

  async #read(name) {
    return readFile(path.join(this.folder, name), "utf8");
  }

  /** Writes a file, and forgets its compressed twins. */
  async #write(name, text) {
    await writeFile(path.join(this.folder, name), text);
    for (const twin of ["br", "gz"]) await rm(path.join(this.folder, `${name}.${twin}`), { force: true });
  }

  async remove() {
    await rm(this.folder, { recursive: true, force: true });
  }
}

const hashOf = (text) => createHash("sha256").update(text).digest("hex");

/** Lets the browser look for a new version, as it does by itself from time to time. */
export async function lookForUpdate(page) {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update().catch(() => {});
    const worker = registration.installing;
    if (!worker) return;
    await new Promise((settled) => {
      worker.addEventListener("statechange", () => worker.state !== "installing" && settled());
    });
  });
}

/** Versions that the browser keeps. */
export async function keptVersions(page) {
  return page.evaluate(async () => (await caches.keys()).map((name) => name.replace(/^dianbu-/, "")));
}

/** Whether the page runs this version. */
export async function runs(page, version) {
  return page.evaluate(async (version) => (await (await fetch("boot.js")).text()).includes(version), version);
}
