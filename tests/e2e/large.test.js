// A new device comes to a book of 100,000 customers and 50,000 other records (protocol §9): by few requests, and not much
// slower than its bytes can be fetched and put into a database.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";

import { journey } from "./support/journey.js";
import { complaints, customers } from "./support/large.js";
import { connect, invite, join, shared, syncNow } from "./support/sharing.js";
import { countCustomers } from "./support/shop.js";

const CUSTOMERS = 100_000;
const COMPLAINTS = 50_000;
const MOST_REQUESTS = 60;
/** Importing and sharing all of it takes its time. */
const PATIENCE_MS = 480_000;

journey(`a new device joins ${CUSTOMERS} customers and ${COMPLAINTS} complaints in at most ${MOST_REQUESTS} requests`, async (shop, t) => {
  const a = await shop.device("A", { width: 1024, height: 768 });
  a.context.setDefaultTimeout(PATIENCE_MS);
  for (const [name, text, count] of [["customers.csv", customers(CUSTOMERS), CUSTOMERS], ["complaints.csv", complaints(COMPLAINTS), COMPLAINTS]]) {
    const file = path.join(a.profile, name);
    await writeFile(file, text);
    assert.equal((await a.app.importFile(file)).fresh, count, name);
  }
  await connect(a.app, shop.endpoint);
  // Nothing but an edit wakes the loop: the snapshot is written when the pages are.
  for (let n = 0; !(await named(shop)); n += 1) {
    assert.ok(n < 20, "a snapshot is written");
    await syncNow(a.app);
  }
  const link = await invite(a.app);
  await shared(a.app);
  const before = (await shop.endpoint.requests()).length;

  const b = await shop.device("B");
  b.context.setDefaultTimeout(PATIENCE_MS);
  const urls = [];
  b.context.on("request", (request) => {
    if (request.method() === "GET" && request.url().includes("X-Amz-Signature") && !request.url().includes("list-type")) urls.push(request.url());
  });
  const began = Date.now();
  await join(b.app, link);
  assert.equal(await countCustomers(b.app), CUSTOMERS);
  const took = Date.now() - began;
  const requests = (await shop.endpoint.requests()).slice(before);
  const gets = [...urls];
  const plain = await fetchAndStore(b.page, gets);
  t.diagnostic(`${requests.length} requests, ${plain.bytes} bytes in ${gets.length} GET; joined in ${took} ms, ${(took / plain.ms).toFixed(2)} × fetching and storing the same bytes (${Math.round(plain.ms)} ms)`);
  assert.ok(requests.length <= MOST_REQUESTS, `${requests.length} requests`);
});

/** Whether a snapshot lies in the bucket. */
async function named(shop) {
  return (await shop.endpoint.requests()).some(({ method, name, status }) => method === "PUT" && name.endsWith("/manifest") && status === 200);
}

/** The least that could be done with these bytes in this browser: fetch them, six at a time, and put them into a database. */
function fetchAndStore(page, urls) {
  return page.evaluate(
    async (urls) => {
      const opened = indexedDB.open("plain", 1);
      opened.onupgradeneeded = () => opened.result.createObjectStore("objects");
      await new Promise((done) => (opened.onsuccess = done));
      const began = performance.now();
      const queue = urls.map((url, n) => [n, url]);
      let bytes = 0;
      const worker = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          const object = await (await fetch(next[1], { cache: "no-store" })).arrayBuffer();
          bytes += object.byteLength;
          const tx = opened.result.transaction("objects", "readwrite", { durability: "strict" });
          tx.objectStore("objects").put(new Uint8Array(object), next[0]);
          await new Promise((done) => (tx.oncomplete = done));
        }
      };
      await Promise.all(Array.from({ length: 6 }, worker));
      return { ms: performance.now() - began, bytes };
    },
    urls,
  );
}
