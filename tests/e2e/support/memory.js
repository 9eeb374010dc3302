// Memories of wasm, which no browser shows beside those of a page.

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
