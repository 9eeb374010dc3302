// What lies on a device when the app does not run: read past the app, as whoever has the disk would.

import { encodings } from "./encodings.js";

/** Everything in the databases and the small storages of the page's origin, as `{ where, bytes }`. */
export async function atRest(page) {
  const all = await page.evaluate(async () => {
    const done = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const text = (value) => Array.from(value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value)));
    const found = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const drawer of database.objectStoreNames) {
        const store = database.transaction(drawer).objectStore(drawer);
        const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
        for (const [at, key] of keys.entries()) {
          found.push([`${name} ${drawer} ${key}`, text(values[at])], [`${name} ${drawer} a key`, text(key)]);
        }
      }
      database.close();
    }
    for (const [name, storage] of Object.entries({ localStorage, sessionStorage })) {
      for (const [key, value] of Object.entries(storage)) found.push([`${name} ${key}`, text(`${key} ${value}`)]);
    }
    found.push(["address", text(location.href)]);
    return found;
  });
  return all.map(([where, bytes]) => ({ where, bytes: Buffer.from(bytes) }));
}

/** The places where one of the words can be read. */
export function placesOf(words, found) {
  const wanted = words.flatMap(encodings);
  return found.filter(({ bytes }) => wanted.some((word) => bytes.includes(word))).map(({ where }) => where);
}
