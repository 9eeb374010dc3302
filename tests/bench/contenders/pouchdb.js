// PouchDB with its newer adapter.

import IndexedDb from "pouchdb-adapter-indexeddb";
import PouchDb from "pouchdb-core";
import replication from "pouchdb-replication";

import { projected } from "../data.js";

PouchDb.plugin(IndexedDb).plugin(replication);

export const about = {
  title: "PouchDB",
  packages: ["pouchdb-core", "pouchdb-adapter-indexeddb", "pouchdb-replication"],
  settings: "adapter `indexeddb`, bulkDocs in parts of 5,000, allDocs with include_docs, put; the adapter leaves the durability to the browser (relaxed)",
};

const document = ({ id, ...rest }) => ({ _id: id, ...rest });

async function fill(database, all) {
  for (let at = 0; at < all.length; at += 5000) {
    await database.bulkDocs(all.slice(at, at + 5000).map(document));
  }
}

export class Contender {
  open(name = "pouchdb") {
    return new PouchDb(name, { adapter: "indexeddb" });
  }

  async import(all) {
    await fill(this.open(), all);
  }

  async list() {
    this.database = this.open();
    const { rows } = await this.database.allDocs({ include_docs: true });
    this.all = rows.map((row) => row.doc);
    return this.all.map((one) => projected({ ...one, id: one._id }));
  }

  column() {
    return this.all.map((one) => one.find);
  }

  edit(at, note, durability) {
    if (durability === "strict") return undefined;
    const one = this.all[at];
    one.note = note;
    return this.database.put(one).then(({ rev }) => {
      one._rev = rev;
    });
  }
}

/** Two databases that replicate with each other. */
export class Merge {
  async prepare(all) {
    const pouch = new Contender();
    this.replicas = [pouch.open("one"), pouch.open("two")];
    await fill(this.replicas[0], all);
    await this.replicas[0].replicate.to(this.replicas[1], { batch_size: 2000 });
    this.rows = new Map(all.map((one) => [one.id, one]));
  }

  async edit(replica, id, note) {
    const database = this.replicas[replica];
    await database.put({ ...(await database.get(id)), note });
  }

  async meet() {
    await this.replicas[0].sync(this.replicas[1], { batch_size: 2000 });
    return null;
  }

  async readable(id, notes) {
    const counts = this.replicas.map(async (database) => {
      const winner = await database.get(id, { conflicts: true });
      const others = await Promise.all((winner._conflicts ?? []).map((rev) => database.get(id, { rev })));
      const read = [winner, ...others].map((one) => one.note);
      return notes.filter((note) => read.includes(note)).length;
    });
    return Math.min(...(await Promise.all(counts)));
  }
}
