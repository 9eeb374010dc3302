// A shop whose devices run on different engines, and a journey through it.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";

import { Endpoint } from "../support/endpoint.js";
import { OUTPUT } from "../support/journey.js";
import { Release } from "../support/release.js";
import { startEngine } from "./engine.js";
import { Hands } from "./hands.js";

class Shop {
  all = [];
  #count = 0;

  /** Opens the shop: the app, which tells what goes wrong in its pages, and a bucket. */
  static async open() {
    const shop = new Shop();
    shop.release = await Release.copy();
    await shop.release.listen();
    shop.endpoint = await Endpoint.start(shop.release.folder);
    return shop;
  }

  /** A device that has never opened the app, on this engine, set to Chinese. */
  async device(name) {
    const folder = await mkdtemp(path.join(tmpdir(), `dianbu-e2e-${name}-`));
    const device = { name, folder, engine: await startEngine(name, folder) };
    this.all.push(device);
    device.hands = new Hands(device.engine, this.endpoint.origin);
    await device.hands.speak("zh");
    return device;
  }

  async devices(engines) {
    const devices = [];
    for (const engine of engines) devices.push(await this.device(engine));
    return devices;
  }

  /** A number that was not given out before. */
  fresh() {
    this.#count += 1;
    return this.#count;
  }

  /** Fails if a page of a device reported an error, even one that nobody would have seen. */
  async assertFaultless() {
    for (const { name, hands } of this.all) assert.deepEqual(await hands.faults(), [], name);
  }

  /** What the devices show, for whoever looks why it failed. */
  async photograph(name) {
    await mkdir(OUTPUT, { recursive: true });
    for (const device of this.all) {
      const picture = await device.engine.driver.takeScreenshot().catch(() => null);
      if (picture) await writeFile(path.join(OUTPUT, `failed ${name} ${device.name}.png`), picture, "base64");
      for (const fault of await device.hands.faults().catch(() => [])) console.error(`${device.name}: ${fault}`);
    }
  }

  async close() {
    for (const { engine, folder } of this.all) {
      await engine.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
    await this.endpoint?.stop();
    await this.release.remove();
  }
}

/** Walks a journey: no person and no page may meet an error on it. */
export function journey(name, walk) {
  test(name, async () => {
    const shop = await Shop.open();
    try {
      await walk(shop);
      await shop.assertFaultless();
    } catch (error) {
      await shop.photograph(name);
      throw error;
    } finally {
      await shop.close();
    }
  });
}
