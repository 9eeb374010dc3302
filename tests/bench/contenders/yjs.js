// Yjs: a map of maps.

import * as Y from "yjs";

import { Log } from "../database.js";
import { projected } from "../data.js";

export const about = {
  title: "Yjs",
  packages: ["yjs"],
  settings: "a Y.Map for each customer, so that fields merge by themselves; updates of format 1 in the layout of y-indexeddb, written by ourselves so that the durability can be chosen",
};

function fill(doc, all) {
  const rows = doc.getMap("customers");
  doc.transact(() => {
    for (const one of all) rows.set(one.id, new Y.Map(Object.entries(one)));
  });
}

export class Contender {
  async import(all) {
    const log = await Log.open("yjs");
    const doc = new Y.Doc();
    fill(doc, all);
    await log.save(Y.encodeStateAsUpdate(doc));
  }

  async list() {
    this.log = await Log.open("yjs");
    const { snapshot, log } = await this.log.read();
    this.doc = new Y.Doc();
    this.doc.transact(() => {
      for (const update of [snapshot, ...log]) Y.applyUpdate(this.doc, update);
    });
    this.rows = [...this.doc.getMap("customers").values()];
    return this.rows.map((row) => projected(Object.fromEntries(KEYS.map((key) => [key, row.get(key)]))));
  }

  column() {
    return this.rows.map((row) => row.get("find"));
  }

  async edit(at, note, durability) {
    const update = new Promise((resolve) => this.doc.once("update", resolve));
    this.rows[at].set("note", note);
    await this.log.append(await update, durability);
  }
}

const KEYS = ["id", "name", "phone", "employer", "grade", "spent", "next"];

/** Two documents that exchange what the other lacks. */
export class Merge {
  prepare(all) {
    this.replicas = [new Y.Doc(), new Y.Doc()];
    fill(this.replicas[0], all);
    Y.applyUpdate(this.replicas[1], Y.encodeStateAsUpdate(this.replicas[0]));
  }

  edit(replica, id, note) {
    this.replicas[replica].getMap("customers").get(id).set("note", note);
  }

  meet() {
    const vectors = this.replicas.map((doc) => Y.encodeStateVector(doc));
    const updates = this.replicas.map((doc, at) => Y.encodeStateAsUpdate(doc, vectors[1 - at]));
    this.replicas.forEach((doc, at) => Y.applyUpdate(doc, updates[1 - at]));
    return [...vectors, ...updates].reduce((sum, bytes) => sum + bytes.length, 0);
  }

  readable(id, notes) {
    return Math.min(...this.replicas.map((doc) => notes.filter((note) => doc.getMap("customers").get(id).get("note") === note).length));
  }
}
