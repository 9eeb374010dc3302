// Memories of wasm, which the browser does not count among a page's. It comes before what makes them.

export const memories = [];
for (const name of ["instantiate", "instantiateStreaming"]) {
  const own = WebAssembly[name].bind(WebAssembly);
  WebAssembly[name] = async (...args) => {
    const made = await own(...args);
    for (const one of Object.values((made.instance ?? made).exports)) {
      if (one instanceof WebAssembly.Memory) memories.push(one);
    }
    return made;
  };
}
