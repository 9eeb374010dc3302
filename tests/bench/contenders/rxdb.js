// RxDB with the storage over IndexedDB that is free of charge.

import { createRxDatabase } from "rxdb/plugins/core";
import { getRxStorageDexie } from "rxdb/plugins/storage-dexie";

import { projected } from "../data.js";

export const about = {
  title: "RxDB",
  packages: ["rxdb", "rxjs"],
  settings:
    "storage-dexie (the one over IndexedDB that is free of charge), no dev-mode, no validation, multiInstance off, bulkInsert in parts of 2,000, find().exec(), incrementalPatch",
};

const text = { type: "string" };
const number = { type: "number" };
const SCHEMA = {
  version: 0,
  primaryKey: "id",
  type: "object",
  properties: {
    id: { type: "string", maxLength: 22 },
    ...Object.fromEntries(
      ["name", "phone", "other", "employer", "address", "grade", "birthday", "last", "next", "note", "find"].map((key) => [key, text]),
    ),
    spent: number,
    times: number,
  },
  required: ["id", "name"],
};

export class Contender {
  async open(durability = "strict") {
    const storage = getRxStorageDexie({ chromeTransactionDurability: durability });
    const database = await createRxDatabase({ name: "rxdb", storage, multiInstance: false });
    const { customers } = await database.addCollections({ customers: { schema: SCHEMA } });
    return customers;
  }

  async import(all) {
    const customers = await this.open();
    for (let at = 0; at < all.length; at += 2000) {
      const { error } = await customers.bulkInsert(all.slice(at, at + 2000));
      if (error.length) throw new Error("RxDB refused rows");
    }
  }

  async list() {
    this.customers = await this.open();
    this.all = await this.customers.find().exec();
    return this.all.map(projected);
  }

  column() {
    return this.all.map((one) => one.find);
  }

  /** One handle has one durability; the strict one is what an app with people's records needs. */
  edit(at, note, durability) {
    return durability === "strict" ? this.all[at].incrementalPatch({ note }) : undefined;
  }
}
