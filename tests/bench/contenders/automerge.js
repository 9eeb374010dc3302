// Automerge: one document with an object for each customer.

import * as A from "@automerge/automerge/slim";
import wasm from "@automerge/automerge/automerge.wasm";

import { Log } from "../database.js";
import { projected } from "../data.js";

export const about = {
  title: "Automerge",
  packages: ["@automerge/automerge"],
  settings: "ImmutableString for every text, since none is edited sign by sign; all rows in one change, save; an edit is saveIncremental",
};

export const ready = A.initializeWasm(fetch(wasm));

/** Texts as values: without this each would be a sequence of characters, which is several times slower. */
function plain(one) {
  return Object.fromEntries(
    Object.entries(one).map(([key, value]) => [key, typeof value === "string" ? new A.ImmutableString(value) : value]),
  );
}

function made(all) {
  return A.from({ customers: Object.fromEntries(all.map((one) => [one.id, plain(one)])) });
}

const text = (value) => (A.isImmutableString(value) ? value.val : value);

export class Contender {
  async import(all) {
    const log = await Log.open("automerge");
    await log.save(A.save(made(all)));
  }

  async list() {
    this.log = await Log.open("automerge");
    const { snapshot, log } = await this.log.read();
    this.doc = A.load(snapshot);
    for (const change of log) this.doc = A.loadIncremental(this.doc, change);
    this.ids = Object.keys(this.doc.customers);
    const rows = Object.values(this.doc.customers);
    return rows.map((row) => {
      const one = projected(row);
      for (const key in one) one[key] = text(one[key]);
      return one;
    });
  }

  column() {
    return Object.values(this.doc.customers).map((row) => text(row.find));
  }

  async edit(at, note, durability) {
    const id = this.ids[at];
    this.doc = A.change(this.doc, (doc) => {
      doc.customers[id].note = new A.ImmutableString(note);
    });
    await this.log.append(A.saveIncremental(this.doc), durability);
  }
}

/** Two documents that exchange what came since they last met. */
export class Merge {
  prepare(all) {
    const doc = made(all);
    this.replicas = [doc, A.clone(doc)];
    this.shared = A.getHeads(doc);
  }

  edit(replica, id, note) {
    this.replicas[replica] = A.change(this.replicas[replica], (doc) => {
      doc.customers[id].note = new A.ImmutableString(note);
    });
  }

  /** Its protocol of synchronisation sends the whole document where most changes are new, which would be unfair here. */
  meet() {
    const news = this.replicas.map((doc) => A.saveSince(doc, this.shared));
    this.replicas = this.replicas.map((doc, at) => A.loadIncremental(doc, news[1 - at]));
    return news.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  readable(id, notes) {
    const counts = this.replicas.map((doc) => {
      const row = doc.customers[id];
      const read = Object.values(A.getConflicts(row, "note") ?? { only: row.note }).map(text);
      return notes.filter((note) => read.includes(note)).length;
    });
    return Math.min(...counts);
  }
}
