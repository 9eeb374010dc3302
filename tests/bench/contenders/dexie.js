// Dexie: tables over IndexedDB.

import { Dexie } from "dexie";

import { projected } from "../data.js";

export const about = {
  title: "Dexie",
  packages: ["dexie"],
  settings: "bulkAdd of all rows in one call, toArray, put; durability by the documented option `chromeTransactionDurability`",
};

export class Contender {
  open(durability = "strict") {
    const database = new Dexie("dexie", { chromeTransactionDurability: durability });
    database.version(1).stores({ customers: "id" });
    return database;
  }

  async import(all) {
    await this.open().customers.bulkAdd(all);
  }

  async list() {
    this.databases = { strict: this.open("strict"), relaxed: this.open("relaxed") };
    this.all = await this.databases.strict.customers.toArray();
    return this.all.map(projected);
  }

  column() {
    return this.all.map((one) => one.find);
  }

  async edit(at, note, durability) {
    const one = this.all[at];
    one.note = note;
    await this.databases[durability].customers.put(one);
  }
}
