// What runs in the page: every contender is measured by the same hand.

import { memories } from "./memory.js";

import * as contender from "contender";

import { customers, offline, queries } from "./data.js";

const FIRST = 30;
const EDITS = 200;
const SEARCHES = 4;

let mine;

const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function timed(work) {
  const begin = performance.now();
  const result = await work();
  return [performance.now() - begin, result];
}

/** Draws the first rows and waits until they have their places. */
function draw(rows) {
  const list = document.createElement("ul");
  for (const { name, phone, employer, grade, spent, next } of rows.slice(0, FIRST)) {
    const row = list.appendChild(document.createElement("li"));
    row.textContent = [name, phone, employer, grade, spent, next].join(" · ");
  }
  document.body.replaceChildren(list);
  return list.getBoundingClientRect().height;
}

/** Puts customers where there are none; done when they are durable. */
async function fill(count) {
  await contender.ready;
  const all = customers(count);
  const own = contender.prepare ? contender.prepare(all) : all;
  mine = new contender.Contender();
  const [ms] = await timed(() => mine.import(own));
  const [settle] = mine.settle ? await timed(() => mine.settle()) : [0];
  return { import: ms, settle };
}

/** From nothing in memory to the first rows on the screen, the list columns of all customers being at hand. */
async function list() {
  await contender.ready;
  mine = new contender.Contender();
  const [ms, shown] = await timed(async () => {
    const rows = await mine.list();
    if (!draw(rows.first ?? rows)) throw new Error("nothing was drawn");
    return rows.count ?? rows.length;
  });
  return { list: ms, shown };
}

/** One edit after the other, each until it is as durable as wanted. */
async function edit(count) {
  const all = customers(count);
  const result = {};
  for (const durability of ["relaxed", "strict"]) {
    const times = [];
    for (let n = 0; n < EDITS; n += 1) {
      const at = (n * 7919 + 13) % count;
      const begin = performance.now();
      const saved = mine.edit(at, `${durability} ${n}: 下次再来`, durability, all[at].id);
      if (saved === undefined) break;
      await saved;
      times.push(performance.now() - begin);
    }
    result[durability] = times.length ? median(times) : null;
  }
  return result;
}

/** The queries, each several times; the first one of all is measured by itself, since it makes what is searched. */
function search(count) {
  const asked = queries(customers(count));
  let column;
  const look = mine.search
    ? (text) => mine.search(text)
    : (text) => {
        column ??= mine.column();
        let found = 0;
        for (const words of column) if (words.includes(text)) found += 1;
        return found;
      };
  const begin = performance.now();
  look(asked[0]);
  const first = performance.now() - begin;
  const times = [];
  for (let round = 0; round < SEARCHES; round += 1) {
    for (const text of asked) {
      const begin = performance.now();
      if (!look(text)) throw new Error(`nobody is found by ${text}`);
      times.push(performance.now() - begin);
    }
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(times.length * share)];
  return { first, p50: at(0.5), p95: at(0.95) };
}

/** What the page holds: objects, buffers and the memory of its wasm. */
async function memory() {
  const { bytes } = await performance.measureUserAgentSpecificMemory();
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, bytes);
}

/** Two replicas, each edited while apart, meet. */
async function merge(count, edits) {
  if (!contender.Merge) return null;
  await contender.ready;
  const all = customers(count);
  const plan = offline(all, edits);
  const pair = new contender.Merge();
  await pair.prepare(all);
  const note = (replica, id) => `${["甲", "乙"][replica]} ${id.slice(0, 6)}: 下周三下午来取货`;
  for (const id of plan.first) await pair.edit(0, id, note(0, id));
  for (const id of plan.second) await pair.edit(1, id, note(1, id));
  const [ms, bytes] = await timed(() => pair.meet());
  let kept = 0;
  for (const id of plan.same) kept += await pair.readable(id, [note(0, id), note(1, id)]);
  for (const [replica, ids] of [[0, plan.first], [1, plan.second]]) {
    for (const id of ids.slice(plan.same.length, plan.same.length + 20)) {
      if ((await pair.readable(id, [note(replica, id)])) !== 1) throw new Error("an edit without a collision is missing");
    }
  }
  return { ms, bytes, lost: plan.same.length * 2 - kept };
}

/** Some throw what is no error, which would cross to the measuring side without its words. */
const told = (work) => async (...args) => {
  try {
    return await work(...args);
  } catch (error) {
    throw new Error(`${error?.name} ${error?.message} ${error?.reason ?? ""}\n${error?.stack}`);
  }
};

globalThis.bench = { about: contender.about, ...Object.fromEntries(Object.entries({ fill, list, edit, search, memory, merge }).map(([name, work]) => [name, told(work)])) };
