// What a page holds in memory, that of wasm included, which no browser shows beside it.

/** Keeps the memories of the program in sight, as `memories` of every page that is opened from here on. */
export function watchMemory({ context }) {
  return context.addInitScript(() => {
    globalThis.memories = new Set();
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const own = WebAssembly[name].bind(WebAssembly);
      WebAssembly[name] = async (...args) => {
        const made = await own(...args);
        for (const one of Object.values((made.instance ?? made).exports)) {
          if (one instanceof WebAssembly.Memory) globalThis.memories.add(one);
        }
        return made;
      };
    }
  });
}

/** What the browser keeps for whoever watches the page, not for the page. */
const WATCHING = /NetworkResourcesData|Performance\w*Timing|ScriptTimingInfo/;

/** The bytes in use after everything that could be freed is. */
export async function heap(device) {
  const { context, page } = device;
  device.cdp ??= await context.newCDPSession(page);
  for (let n = 0; n < 3; n += 1) await device.cdp.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0, embedderHeapUsedSize = 0 } = await device.cdp.send("Runtime.getHeapUsage");
  const wasm = await page.evaluate(() => [...globalThis.memories].reduce((sum, one) => sum + one.buffer.byteLength, 0));
  return usedSize + backingStorageSize + embedderHeapUsedSize + wasm - (await watching(device));
}

/** How much of it is kept for the measuring itself. */
async function watching({ cdp }) {
  const chunks = [];
  const take = ({ chunk }) => chunks.push(chunk);
  cdp.on("HeapProfiler.addHeapSnapshotChunk", take);
  await cdp.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  cdp.off("HeapProfiler.addHeapSnapshotChunk", take);
  const { snapshot, nodes, strings } = JSON.parse(chunks.join(""));
  const fields = snapshot.meta.node_fields;
  const [name, size] = ["name", "self_size"].map((field) => fields.indexOf(field));
  let sum = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    if (WATCHING.test(strings[nodes[at + name]])) sum += nodes[at + size];
  }
  return sum;
}
