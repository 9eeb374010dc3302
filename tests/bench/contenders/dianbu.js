// Ours: the data layer as the app runs it, compiled as the app is.

import init, { Merge as Devices, People, Shop } from "dianbu-bench";

export const about = {
  title: "Dianbu",
  packages: [],
  settings: "as shipped: history and conflict keeping on, every edit strictly durable, the list in the order of pinyin; search ranks what it finds",
};

/** The compiled code is there before anything is measured, as every other contender's is. */
export const ready = init();

/** What is planned before the button is pressed: the rows as the importer holds them. */
export const prepare = (all) => new People(JSON.stringify(all));

export class Contender {
  async import(people) {
    this.shop = await Shop.open();
    await this.shop.import(people);
  }

  /** The app does this as soon as it has nothing else to do. */
  async settle() {
    await this.shop.checkpoint();
  }

  async list() {
    this.shop = await Shop.open();
    return { count: this.shop.list(), first: this.first() };
  }

  first() {
    const texts = this.shop.first(30);
    const rows = [];
    for (let at = 0; at < texts.length; at += 6) {
      const [name, phone, employer, grade, spent, next] = texts.slice(at, at + 6);
      rows.push({ name, phone, employer, grade, spent, next });
    }
    return rows;
  }

  search(text) {
    return this.shop.find(text);
  }

  edit(at, note, durability, id) {
    return durability === "strict" ? this.shop.edit(id, note) : undefined;
  }
}

/** Two devices with a bucket between them: sealed objects, as between two tablets of a shop. */
export class Merge {
  async prepare(all) {
    this.devices = await Devices.new(new People(JSON.stringify(all)));
  }

  edit(device, id, note) {
    return this.devices.edit(device, id, note);
  }

  async meet() {
    const before = this.devices.bytes();
    await this.devices.meet();
    return this.devices.bytes() - before;
  }

  readable(id, notes) {
    return this.devices.readable(id, notes);
  }
}
