// Bare IndexedDB, many customers packed into one value: as little as the browser lets one pay.

import { answer, done, open } from "../database.js";

/** Large values read faster than small ones. */
const PAGE_BYTES = 1024 * 1024;
/** What a page holds of a customer, in this order; the list needs the first seven. */
const FIELDS = ["id", "name", "phone", "employer", "grade", "spent", "next", "other", "address", "birthday", "times", "last", "note", "find"];

export const about = {
  title: "bare IndexedDB, packed pages",
  packages: [],
  settings: "pages of 1 MiB, customers as lines of UTF-8 with tabs between the fields, one strict transaction, getAll; an edit is one put of its bytes",
};

const text = (one) => FIELDS.map((field) => one[field]).join("\t");

export class Contender {
  async open() {
    this.database = await open("packed", (database) => {
      database.createObjectStore("pages");
      database.createObjectStore("tail", { autoIncrement: true });
    });
  }

  async import(all) {
    await this.open();
    const writing = this.database.transaction("pages", "readwrite", { durability: "strict" });
    const store = writing.objectStore("pages");
    const encoder = new TextEncoder();
    let [page, used, number] = [new Uint8Array(PAGE_BYTES), 0, 0];
    const write = () => {
      store.put(page.slice(0, used), number);
      number += 1;
      used = 0;
    };
    for (const one of all) {
      const line = `${text(one)}\n`;
      // A sign of UTF-16 is three bytes of UTF-8 at most.
      if (used + line.length * 3 > PAGE_BYTES) write();
      used += encoder.encodeInto(line, page.subarray(used)).written;
    }
    write();
    writing.commit();
    await done(writing);
  }

  async list() {
    await this.open();
    const pages = await answer(this.database.transaction("pages").objectStore("pages").getAll());
    const decoder = new TextDecoder();
    const rows = [];
    this.lines = [];
    for (const page of pages) {
      const lines = decoder.decode(page).split("\n");
      lines.pop();
      for (const line of lines) {
        this.lines.push(line);
        const [id, name, phone, employer, grade, spent, next] = line.split("\t", 7);
        rows.push({ id, name, phone, employer, grade, spent: Number(spent), next });
      }
    }
    return rows;
  }

  column() {
    return this.lines.map((line) => line.slice(line.lastIndexOf("\t") + 1));
  }

  async edit(at, note, durability) {
    const bytes = new TextEncoder().encode(`${at}\t${note}`);
    const writing = this.database.transaction("tail", "readwrite", { durability });
    writing.objectStore("tail").add(bytes);
    writing.commit();
    await done(writing);
  }
}
