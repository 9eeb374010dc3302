// Where a text is still to be found: in the database of a device, opened with the key that lies in it, and in the memory
// of its page.

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";

import { encodings } from "./encodings.js";

/** The places of a device that hold a text, such as `tail 17`. */
export async function traces(device, text) {
  const wanted = encodings(text);
  const holds = (bytes) => wanted.some((encoded) => bytes.includes(encoded));
  const found = [];
  for (const { drawer, key, bytes } of await opened(device.page)) if (holds(bytes)) found.push(`${drawer} ${key}`);
  return [...found, ...(await inMemory(device, text))];
}

/** Every entry of the database, its seal opened (protocol §12); objects of the log lie as they are in the bucket. */
async function opened(page) {
  const entries = await page.evaluate(async () => {
    const open = indexedDB.open("dianbu");
    const database = await new Promise((resolve, reject) => {
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error);
    });
    const answer = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const all = [];
    for (const drawer of database.objectStoreNames) {
      const store = database.transaction(drawer).objectStore(drawer);
      const [keys, values] = [store.getAllKeys(), store.getAll()].map(answer);
      const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
      const pairs = (await values).map(async (value, at) => ({ drawer, key: (await keys)[at], value: base64(value) }));
      all.push(...(await Promise.all(pairs)));
    }
    database.close();
    return all;
  });
  const read = entries.map(({ drawer, key, value }) => ({ drawer, key, bytes: Buffer.from(value, "base64") }));
  const record = read.find(({ drawer, key }) => drawer === "meta" && key === "key").bytes;
  // Without a PIN the record is [0, [key]]: three bytes and the head of 32 bytes stand before it.
  const secret = record.subarray(record.length - 32);
  const clear = ({ drawer, key }) => drawer === "log" || (drawer === "meta" && (key === 0 || key === "key" || key === "tries"));
  return read.map((entry) => (clear(entry) ? entry : { ...entry, bytes: unseal(secret, entry) }));
}

function unseal(secret, { drawer, key, bytes }) {
  const place = Buffer.concat([Buffer.from(`${drawer}\0`), keyBytes(drawer, key)]);
  const [sealed, nonce] = [bytes.subarray(0, -24), bytes.subarray(-24)];
  return loosened(Buffer.from(xchacha20poly1305(secret, nonce, place).decrypt(sealed)));
}

/** A value as it was before it was made dense: `0xff`, its length, an LZ4 block; others are as they are. */
function loosened(bytes) {
  if (bytes[0] !== 0xff) return bytes;
  const value = Buffer.alloc(bytes.readUInt32LE(1));
  let [from, to] = [5, 0];
  // A length beyond what its half byte can say goes on in bytes of 255 and a last one.
  const whole = (half) => {
    let length = half;
    if (half === 15) do length += bytes[from]; while (bytes[from++] === 255);
    return length;
  };
  while (from < bytes.length) {
    const token = bytes[from++];
    const literals = whole(token >> 4);
    bytes.copy(value, to, from, from + literals);
    [from, to] = [from + literals, to + literals];
    if (from >= bytes.length) break;
    const back = bytes.readUInt16LE(from);
    from += 2;
    for (const end = to + whole(token & 15) + 4; to < end; to += 1) value[to] = value[to - back];
  }
  if (to !== value.length) throw new Error(`${to} of ${value.length} bytes`);
  return value;
}

function keyBytes(drawer, key) {
  if (typeof key === "string") return Buffer.from(key);
  const bytes = Buffer.alloc(drawer === "pages" ? 4 : 8);
  if (drawer === "pages") bytes.writeUInt32BE(key);
  else bytes.writeBigUInt64BE(BigInt(key));
  return bytes;
}

/** Whether the memory of the program, or the heap around it, holds a text. */
async function inMemory({ context, page }, text) {
  const encoded = encodings(text).map((bytes) => [...bytes]);
  const isThere = await page.evaluate((encoded) => {
    if (globalThis.memories.size === 0) throw new Error("the program has no memory that could be searched");
    return [...globalThis.memories].some(({ buffer }) => {
      const memory = new Uint8Array(buffer);
      const at = (wanted) => {
        for (let from = memory.indexOf(wanted[0]); from >= 0; from = memory.indexOf(wanted[0], from + 1)) {
          if (wanted.every((byte, n) => memory[from + n] === byte)) return true;
        }
        return false;
      };
      return encoded.some(at);
    });
  }, encoded);
  const session = await context.newCDPSession(page);
  const chunks = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  const inHeap = JSON.parse(chunks.join("")).strings.some((string) => string.includes(text));
  return [isThere && "memory of the program", inHeap && "heap of the page"].filter(Boolean);
}
