// Bare IndexedDB, one object for each customer.

import { answer, done, open } from "../database.js";
import { projected } from "../data.js";

export const about = {
  title: "bare IndexedDB, objects",
  packages: [],
  settings: "one object store with keyPath, all puts in one strict transaction, getAll",
};

export class Contender {
  async open() {
    this.database = await open("objects", (database) => database.createObjectStore("customers", { keyPath: "id" }));
  }

  async import(all) {
    await this.open();
    const writing = this.database.transaction("customers", "readwrite", { durability: "strict" });
    const store = writing.objectStore("customers");
    for (const one of all) store.put(one);
    writing.commit();
    await done(writing);
  }

  async list() {
    await this.open();
    this.all = await answer(this.database.transaction("customers").objectStore("customers").getAll());
    return this.all.map(projected);
  }

  column() {
    return this.all.map((one) => one.find);
  }

  async edit(at, note, durability) {
    const one = this.all[at];
    one.note = note;
    const writing = this.database.transaction("customers", "readwrite", { durability });
    writing.objectStore("customers").put(one);
    writing.commit();
    await done(writing);
  }
}
