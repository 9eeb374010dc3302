// TinyBase with a persister that appends changes.

import { createMergeableStore, createStore } from "tinybase";
import { createCustomPersister } from "tinybase/persisters";
import { createCustomSynchronizer } from "tinybase/synchronizers";

import { Log } from "../database.js";
import { projected } from "../data.js";

export const about = {
  title: "TinyBase",
  packages: ["tinybase"],
  settings:
    "a Store and createCustomPersister over a snapshot and a log of changes (its own IndexedDB persister writes the whole table for each change); the merge uses MergeableStore and createCustomSynchronizer",
};

function persister(store, log) {
  return createCustomPersister(
    store,
    async () => {
      const { snapshot, log: changes } = await log.read();
      const content = JSON.parse(snapshot);
      for (const [tables] of changes.map((change) => JSON.parse(change))) {
        for (const id in tables.customers) Object.assign(content[0].customers[id], tables.customers[id]);
      }
      return content;
    },
    (content) => log.save(JSON.stringify(content())),
    () => undefined,
    () => undefined,
  );
}

export class Contender {
  async import(all) {
    const store = createStore();
    const keeping = persister(store, await Log.open("tinybase"));
    store.transaction(() => {
      for (const { id, ...one } of all) store.setRow("customers", id, one);
    });
    await keeping.save();
  }

  async list() {
    this.store = createStore();
    this.log = await Log.open("tinybase");
    await persister(this.store, this.log).load();
    this.ids = this.store.getRowIds("customers");
    const table = this.store.getTable("customers");
    return this.ids.map((id) => projected({ id, ...table[id] }));
  }

  column() {
    return this.ids.map((id) => this.store.getCell("customers", id, "find"));
  }

  async edit(at, note, durability) {
    // What `startAutoSave` does with each transaction, awaited.
    const changes = new Promise((resolve) => {
      const listener = this.store.addDidFinishTransactionListener(() => {
        this.store.delListener(listener);
        resolve(this.store.getTransactionChanges());
      });
    });
    this.store.setCell("customers", this.ids[at], "note", note);
    await this.log.append(JSON.stringify(await changes), durability);
  }
}

/** Two stores that run TinyBase's protocol of synchronisation. */
export class Merge {
  prepare(all) {
    this.replicas = [createMergeableStore("one"), createMergeableStore("two")];
    this.replicas[0].transaction(() => {
      for (const { id, ...one } of all) this.replicas[0].setRow("customers", id, one);
    });
    this.replicas[1].merge(this.replicas[0]);
  }

  edit(replica, id, note) {
    this.replicas[replica].setCell("customers", id, "note", note);
  }

  async meet() {
    let bytes = 0;
    const receivers = [];
    const ends = this.replicas.map((store, at) =>
      createCustomSynchronizer(
        store,
        (_to, request, message, body) => {
          const text = JSON.stringify([request, message, body]);
          bytes += new TextEncoder().encode(text).length;
          const [own, kind, content] = JSON.parse(text);
          queueMicrotask(() => receivers[1 - at]?.(String(at), own, kind, content));
        },
        (receive) => {
          receivers[at] = receive;
        },
        () => {},
        10,
      ),
    );
    await Promise.all(ends.map((end) => end.startSync()));
    await Promise.all([ends[0].load(), ends[1].load()]);
    await Promise.all(ends.map((end) => end.destroy()));
    return bytes;
  }

  readable(id, notes) {
    return Math.min(...this.replicas.map((store) => notes.filter((note) => store.getCell("customers", id, "note") === note).length));
  }
}
