// A journey through the app: devices around one bucket, photographed where it fails.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { Device } from "./device.js";
import { Endpoint } from "./endpoint.js";

/** Where pictures and reports go. */
export const OUTPUT = path.join(import.meta.dirname, "..", "output");
/** Where the files lie that the journeys import. */
export const FIXTURES = path.join(import.meta.dirname, "..", "..", "fixtures");

/** A shop with its devices and its bucket. */
class Shop {
  devices = [];
  endpoints = [];

  /** The endpoint with the shop's bucket. */
  get endpoint() {
    return this.endpoints[0];
  }

  /** Another endpoint, whose origin is a foreign one for the first. */
  async anotherEndpoint(dist) {
    const endpoint = await Endpoint.start(dist);
    this.endpoints.push(endpoint);
    return endpoint;
  }

  /** A new device of the shop, switched on. Its app comes from `from`. */
  async device(name, look, from = this.endpoint) {
    const device = await Device.make(name, from.origin, look);
    this.devices.push(device);
    await device.start();
    return device;
  }

  async close() {
    await Promise.all(this.devices.map((device) => device.stop()));
    await Promise.all(this.endpoints.map((endpoint) => endpoint.stop()));
  }
}

/** Walks a journey: no person and no page may meet an error on it. */
export function journey(name, walk) {
  test(name, async (t) => {
    const shop = new Shop();
    try {
      await shop.anotherEndpoint();
      await walk(shop, t);
      for (const device of shop.devices) device.assertFaultless();
    } catch (error) {
      await photograph(shop, name);
      throw error;
    } finally {
      await shop.close();
    }
  });
}

/** What the devices showed when the journey failed. A device that is off shows nothing. */
async function photograph(shop, name) {
  await mkdir(OUTPUT, { recursive: true });
  for (const device of shop.devices) {
    const file = path.join(OUTPUT, `failed ${name} ${device.name}.png`);
    await device.page?.screenshot({ path: file }).catch(() => {});
    for (const fault of device.faults) console.error(fault);
  }
}
