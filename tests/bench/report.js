// node report.js MEASURED [DOCS]
// Prints what was measured as tables; with a folder, writes performance.md and performance.json there.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const [measured, docs] = process.argv.slice(2);
const result = JSON.parse(await readFile(measured, "utf8"));
const OURS = "dianbu";
const LIMIT = "packed";
const BARE = [LIMIT, "objects"];
const peers = Object.keys(result.contenders).filter((name) => name !== OURS && !BARE.includes(name));

const ms = (number) => (number === null || number === undefined ? "–" : number >= 100 ? String(Math.round(number)) : number.toFixed(1));
const megabytes = (number) => (number === null || number === undefined ? "–" : (number / 2 ** 20).toFixed(1));
const kilobytes = (number) => (number / 1024).toFixed(0);
const count = (number) => number.toLocaleString("en");
const times = (number) => `${number.toFixed(2)} ×`;

function table(head, rows) {
  const align = head.map((_, at) => (at === 0 ? "---" : "---:"));
  return [head, align, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The contenders as they compare at one size. */
function sizeTable(size) {
  const rows = Object.values(result.contenders).map((one) => {
    const run = one.rows[size];
    if (!run) return [one.title, `did not finish: ${one.failed}`, ...Array(9).fill("–")];
    return [
      one.title,
      ms(run.list),
      ms(run.import),
      ms(run.settle) === "0.0" ? "" : ms(run.settle),
      ms(run.strict),
      ms(run.relaxed),
      ms(run.search50),
      ms(run.search95),
      ms(run.firstSearch),
      megabytes(run.disk),
      megabytes(run.heap),
    ];
  });
  return table(
    ["", "cold list, ms", "import, ms", "and then, ms", "edit strict, ms", "relaxed, ms", "search p50, ms", "p95, ms", "first search, ms", "disk, MB", "heap, MB"],
    rows,
  );
}

/** Ours against the limit and against the fastest peer. */
function ratios(size) {
  const ours = result.contenders[OURS]?.rows[size];
  const limit = result.contenders[LIMIT]?.rows[size];
  if (!ours || !limit) return "";
  const rows = [
    ["cold list", "list"],
    ["import", "import"],
    ["edit, strict", "strict"],
    ["search p95", "search95"],
  ].map(([title, key]) => {
    const others = peers
      .map((name) => [result.contenders[name].title, result.contenders[name].rows[size]?.[key]])
      .filter(([, value]) => value !== null && value !== undefined)
      .sort((a, b) => a[1] - b[1]);
    const [fastest] = others;
    return [title, ms(ours[key]), times(ours[key] / limit[key]), fastest ? `${fastest[0]}, ${ms(fastest[1])}` : "–", fastest ? times(fastest[1] / ours[key]) : "–"];
  });
  return table(["", "ours, ms", "ours by packed limit", "fastest peer, ms", "fastest peer by ours"], rows);
}

function mergeTable() {
  const rows = Object.values(result.contenders)
    .filter((one) => one.merge)
    .sort((a, b) => (a.merge.bytes ?? Infinity) - (b.merge.bytes ?? Infinity))
    .map((one) => [one.title, ms(one.merge.ms), one.merge.bytes === null ? "not counted" : count(one.merge.bytes), String(one.merge.lost)]);
  return table(["", "ms", "bytes", `of ${result.merge.edits / 5} colliding values no longer readable as a conflict`], rows);
}

function settings() {
  const rows = Object.values(result.contenders).map((one) => {
    const versions = Object.entries(one.versions).map(([name, version]) => `${name} ${version}`);
    return [one.title, versions.join(", ") || "–", one.settings, kilobytes(one.bundle)];
  });
  return table(["", "versions", "settings", "bundle, KB brotli"], rows);
}

const tables = result.sizes.map((size) => `## ${count(size)} customers\n\n${sizeTable(size)}\n\n${ratios(size)}\n`).join("\n");
const report = `${tables}
## Merge

Two replicas with ${count(result.merge.rows)} customers, each edits the note of ${count(result.merge.edits)} while they are apart, a tenth of them the same. Time and
bytes of their meeting, until both have everything.

${mergeTable()}

## Versions and settings

Chromium ${result.chromium || "of the system"}, headless, a fresh profile for each import; medians, by ${result.rounds} import${result.rounds === 1 ? "" : "s"} and ${result.starts} cold starts each, in turns, so that a busy moment of the
machine meets all alike.

${settings()}
`;

console.log(report);
if (docs) {
  const file = path.join(docs, "performance.md");
  const [before, rest] = (await readFile(file, "utf8")).split("<!-- measured -->\n");
  const [, after] = rest.split("<!-- end of measured -->");
  await writeFile(file, `${before}<!-- measured -->\n${report}<!-- end of measured -->${after}`);
  await writeFile(path.join(docs, "performance.json"), `${JSON.stringify(result, null, 2)}\n`);
}
