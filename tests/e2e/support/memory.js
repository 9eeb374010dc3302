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

/** The bytes in use after everything that could be freed is. */
export async function heap(device) {
  const { context, page } = device;
  device.cdp ??= await context.newCDPSession(page);
  for (let n = 0; n < 3; n += 1) await device.cdp.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0, embedderHeapUsedSize = 0 } = await device.cdp.send("Runtime.getHeapUsage");
  const wasm = await page.evaluate(() => [...globalThis.memories].reduce((sum, one) => sum + one.buffer.byteLength, 0));
  return usedSize + backingStorageSize + embedderHeapUsedSize + wasm;
}
