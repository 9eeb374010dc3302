// Loro: a map of maps.

import init, { LoroDoc, LoroMap } from "loro-crdt/web";
import wasm from "loro-crdt/web/loro_wasm_bg.wasm";

import { Log } from "../database.js";
import { projected } from "../data.js";

export const about = {
  title: "Loro",
  packages: ["loro-crdt"],
  settings: "a LoroMap for each customer, one commit, a snapshot; an edit is an export of updates; the list reads the document with toJSON once",
};

export const ready = init({ module_or_path: wasm });

function fill(doc, all) {
  const rows = doc.getMap("customers");
  for (const one of all) {
    const row = rows.setContainer(one.id, new LoroMap());
    for (const key in one) row.set(key, one[key]);
  }
  doc.commit();
}

export class Contender {
  async import(all) {
    const log = await Log.open("loro");
    const doc = new LoroDoc();
    fill(doc, all);
    await log.save(doc.export({ mode: "snapshot" }));
  }

  async list() {
    this.log = await Log.open("loro");
    const { snapshot, log } = await this.log.read();
    this.doc = new LoroDoc();
    this.doc.importBatch([snapshot, ...log]);
    this.all = Object.values(this.doc.toJSON().customers);
    return this.all.map(projected);
  }

  column() {
    return this.all.map((one) => one.find);
  }

  async edit(at, note, durability) {
    const before = this.doc.version();
    this.doc.getMap("customers").get(this.all[at].id).set("note", note);
    this.doc.commit();
    await this.log.append(this.doc.export({ mode: "update", from: before }), durability);
  }
}

/** Two documents that exchange what the other lacks. */
export class Merge {
  prepare(all) {
    this.replicas = [new LoroDoc(), new LoroDoc()];
    fill(this.replicas[0], all);
    this.replicas[1].import(this.replicas[0].export({ mode: "snapshot" }));
  }

  edit(replica, id, note) {
    const doc = this.replicas[replica];
    doc.getMap("customers").get(id).set("note", note);
    doc.commit();
  }

  meet() {
    const versions = this.replicas.map((doc) => doc.version());
    const updates = this.replicas.map((doc, at) => doc.export({ mode: "update", from: versions[1 - at] }));
    this.replicas.forEach((doc, at) => doc.import(updates[1 - at]));
    return [...versions.map((version) => version.encode()), ...updates].reduce((sum, bytes) => sum + bytes.length, 0);
  }

  readable(id, notes) {
    const read = (doc) => doc.getMap("customers").get(id).get("note");
    return Math.min(...this.replicas.map((doc) => notes.filter((note) => read(doc) === note).length));
  }
}
