// node run.js OUT --contenders NAME,… --rows N,… --rounds N --ours FOLDER
// Measures contenders in the system's Chromium and writes the medians as JSON.

import { createServer } from "node:http";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const HERE = import.meta.dirname;
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // So that the heap is measured at once instead of with the next collection.
  "--enable-blink-features=ForceEagerMeasureMemory",
];
const MERGE = { rows: 10_000, edits: 1_000 };
/** Cold starts for each import. */
const STARTS = 2;
/** So long a browser needs to lay by the code that it compiled. */
const LAY_BY_MS = 4_000;
/** Nothing here takes longer, unless it hangs. */
const PATIENCE_MS = 300_000;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    contenders: { type: "string" },
    rows: { type: "string" },
    rounds: { type: "string" },
    ours: { type: "string" },
  },
});
const [out] = positionals;
const names = values.contenders.split(",");
const sizes = values.rows.split(",").map(Number);
const rounds = Number(values.rounds);

/** Bundles the page for a contender. Returns its folder and what of it a browser downloads. */
async function page(name) {
  const folder = path.join(path.dirname(out), "pages", name);
  await mkdir(folder, { recursive: true });
  const own = path.join(HERE, "contenders", `${name}.js`);
  const options = {
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
    loader: { ".wasm": "file" },
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    alias: { contender: own, "dianbu-bench": path.resolve(values.ours, "bench.js") },
    publicPath: "/",
    assetNames: "[name]",
  };
  await build({ ...options, entryPoints: [path.join(HERE, "page.js")], outfile: path.join(folder, "page.js") });
  const alone = await build({ ...options, entryPoints: [own], write: false, outfile: path.join(folder, "alone.js") });
  let bundle = alone.outputFiles.reduce((sum, file) => sum + brotliCompressSync(file.contents).length, 0);
  if (name === "dianbu") {
    const wasm = await readFile(path.join(values.ours, "bench_bg.wasm"));
    await writeFile(path.join(folder, "bench_bg.wasm"), wasm);
    bundle += brotliCompressSync(wasm).length;
  }
  await writeFile(path.join(folder, "index.html"), '<!doctype html><meta charset="utf-8"><script type="module" src="page.js"></script>');
  return { folder, bundle };
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves the folder that `serve.folder` names, isolated, since the browser measures the heap only there. */
function serve() {
  const server = createServer(async (request, response) => {
    const file = request.url === "/" ? "/index.html" : request.url;
    try {
      const bytes = await readFile(path.join(serve.folder, path.normalize(file)));
      response.writeHead(200, {
        "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream",
        // As an app is served: a browser keeps compiled code beside the file that it came from.
        "Cache-Control": file === "/index.html" ? "no-cache" : "public, max-age=31536000, immutable",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
      });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** Runs `work` in a browser of its own on this profile. */
async function browser(profile, work) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGS,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    const tab = context.pages()[0] ?? (await context.newPage());
    const faults = [];
    tab.on("pageerror", (error) => faults.push(String(error)));
    await tab.goto(origin);
    await tab.waitForFunction(() => globalThis.bench).catch((error) => {
      throw new Error([error.message, ...faults].join("\n"));
    });
    return await work(tab, context);
  } finally {
    await context.close();
  }
}

async function weight(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files.filter((file) => file.isFile()).map(async (file) => (await stat(path.join(file.parentPath, file.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Runs `work` on a profile of its own. */
async function afresh(work) {
  const profile = await mkdtemp(path.join(tmpdir(), "dianbu-bench-"));
  try {
    return await work(profile);
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One import, and what follows from it. */
function round(rows) {
  return afresh(async (profile) => {
    const filled = await browser(profile, (tab) => tab.evaluate((rows) => bench.fill(rows), rows));
    const disk = await weight(path.join(profile, "Default/IndexedDB"));
    // An app that somebody opened before: browsers then have its code as they compiled it.
    await browser(profile, async (tab) => {
      await tab.evaluate(() => bench.list());
      await tab.waitForTimeout(LAY_BY_MS);
    });
    const lists = [];
    let last;
    for (let start = 0; start < STARTS; start += 1) {
      last = await browser(profile, async (tab) => {
        const { list, shown } = await tab.evaluate(() => bench.list());
        if (shown !== rows) throw new Error(`${shown} of ${rows} customers are shown`);
        lists.push(list);
        if (start + 1 < STARTS) return undefined;
        const heap = await tab.evaluate(() => bench.memory());
        const edits = await tab.evaluate((rows) => bench.edit(rows), rows);
        const search = await tab.evaluate((rows) => bench.search(rows), rows);
        return { heap, ...edits, firstSearch: search.first, search50: search.p50, search95: search.p95 };
      });
    }
    return lists.map((list) => ({ ...filled, disk, list, ...last }));
  });
}

function merge() {
  return afresh((profile) => browser(profile, (tab) => tab.evaluate(({ rows, edits }) => bench.merge(rows, edits), MERGE)));
}

function median(list) {
  const numbers = list.filter((number) => number !== null && number !== undefined).sort((a, b) => a - b);
  return numbers.length ? numbers[Math.floor((numbers.length - 1) / 2)] : null;
}

function medians(results) {
  if (!results.length) return null;
  return Object.fromEntries(Object.keys(results[0]).map((key) => [key, median(results.map((result) => result[key]))]));
}

async function version(name) {
  return JSON.parse(await readFile(path.join(HERE, "node_modules", name, "package.json"), "utf8")).version;
}

/** Writes what is known so far: a long run that is stopped has not been in vain. */
async function keep(done) {
  const contenders = {};
  for (const name of names) {
    const { about, bundle, failed, runs, merges } = all[name];
    const versions = {};
    for (const used of about.packages) versions[used] = await version(used);
    const rows = Object.fromEntries(sizes.map((size) => [size, medians(runs[size])]));
    contenders[name] = { title: about.title, settings: about.settings, versions, bundle, failed, rows, merge: medians(merges) };
  }
  const summary = { chromium: chromiumVersion, rounds: done, starts: done * STARTS, sizes, merge: MERGE, contenders };
  await writeFile(out, `${JSON.stringify(summary, null, 2)}\n`);
}

const server = await serve();
const origin = `http://127.0.0.1:${server.address().port}/`;
const all = {};
let chromiumVersion;
for (const name of names) {
  const { folder, bundle } = await page(name);
  serve.folder = folder;
  const about = await afresh((profile) =>
    browser(profile, (tab, context) => {
      chromiumVersion = context.browser()?.version();
      return tab.evaluate(() => bench.about);
    }),
  );
  all[name] = { about, folder, bundle, runs: Object.fromEntries(sizes.map((size) => [size, []])), merges: [] };
}
// Contender after contender in each round, so that a busy minute of the machine meets all alike.
for (let n = 0; n < rounds; n += 1) {
  for (const size of sizes) {
    for (const name of names) {
      serve.folder = all[name].folder;
      try {
        const results = await round(size);
        all[name].runs[size].push(...results);
        const { import: ms, settle, list, strict, search95 } = results.at(-1);
        const shown = [ms, settle, list, strict, search95].map((number) => number?.toFixed(1) ?? "–");
        console.log(`  ${name} ${size}: import ${shown[0]} + ${shown[1]}, list ${shown[2]}, strict edit ${shown[3]}, search p95 ${shown[4]} ms`);
      } catch (error) {
        console.log(`  ${name} ${size}: ${error.message}`);
        all[name].failed = error.message.split("\n")[0];
      }
    }
  }
  for (const name of names) {
    serve.folder = all[name].folder;
    try {
      const result = await merge();
      if (!result) continue;
      all[name].merges.push(result);
      console.log(`  ${name} merge: ${result.ms.toFixed(0)} ms, ${result.bytes ?? "?"} bytes, ${result.lost} no longer readable`);
    } catch (error) {
      console.log(`  ${name} merge: ${error.message}`);
    }
  }
  await keep(n + 1);
}
server.close();
