// No text becomes code: the browser is told to refuse it (Trusted Types), and the app has no place that would try.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { setting } from "./support/endpoint.js";
import { journey } from "./support/journey.js";

/** Ways from a text to code, each as something that harm would use. All of them end in an error, and none sets `harm`. */
const WAYS = {
  "inner HTML": () => (document.createElement("div").innerHTML = "<img src=x onerror=harm=1>"),
  "outer HTML": () => (document.body.firstElementChild.outerHTML = "<b></b>"),
  "adjacent HTML": () => document.body.insertAdjacentHTML("beforeend", "<svg onload=harm=1>"),
  "a fragment": () => document.createRange().createContextualFragment("<script>harm=1</script>"),
  "a parser": () => new DOMParser().parseFromString("<script>harm=1</script>", "text/html"),
  "writing": () => document.write("<script>harm=1</script>"),
  "a frame": () => (document.createElement("iframe").srcdoc = "<script>parent.harm=1</script>"),
  "eval": () => globalThis.eval("harm=1"),
  "a function": () => new Function("harm=1")(),
  "a timer": () => setTimeout("harm=1"),
  "a script": () => (document.createElement("script").text = "harm=1"),
  "an address of a script": () => (document.createElement("script").src = "/boot.js"),
  "a worker": () => new Worker("/boot.js"),
  "a service worker": () => navigator.serviceWorker.register("/sw.js"),
  "a policy of its own": () => trustedTypes.createPolicy("harm", { createHTML: (text) => text }),
  "the app's policy again": () => trustedTypes.createPolicy("dianbu", { createScriptURL: (url) => url }),
  "the policy for all": () => trustedTypes.createPolicy("default", { createHTML: (text) => text }),
};

/** Tries a way as the page's own code would, not as a driver's, which may do more. True if it was refused. */
const tried = (way) => `new Promise((done) => {
  setTimeout(() => Promise.resolve().then(${way}).then(() => done(false), () => done(true)));
})`;

journey("whatever tries to make code of a text is refused by the browser", async (shop) => {
  const device = await shop.device("A");
  const { app, page } = device;
  await app.go("/");
  await device.offlineReady();
  for (const [name, way] of Object.entries(WAYS)) {
    assert.ok(await page.evaluate(tried(way)), name);
  }
  for (const link of ["javascript:harm=1", "data:text/html,<script>opener.harm=1</script>"]) {
    await page.evaluate((link) => {
      const element = Object.assign(document.createElement("a"), { href: link, textContent: "x" });
      document.body.append(element);
      element.click();
    }, link);
  }
  assert.equal(await page.evaluate(() => globalThis.harm), undefined);
  assert.equal(app.route(), "/");
  // The refusals were told, and only they.
  assert.deepEqual(device.faults.splice(0).filter((fault) => !/content security policy|Content Security Policy|Trusted|data:/i.test(fault)), []);
});

test("nothing that is served makes markup or code of a text, or opens a window that could reach back", async () => {
  const dist = setting("DIANBU_DIST");
  const sinks = /\b(outerHTML|insertAdjacentHTML|createContextualFragment|parseFromString|srcdoc|document\.write|eval|new Function|_blank|javascript:)\b/;
  // What the bindings offer and nobody calls: the browser would refuse it.
  const bound = /__wbg_set_innerHTML_\w+:\s*function\([^)]*\)\s*\{[^{}]*\}/g;
  const markup = /<(a|b|br|div|em|hr|i|img|li|ol|p|path|span|strong|svg|td|tr|ul)( [a-z:-]+(="[^"]*")?)*\/?>/;
  // Tables hold any bytes, and now and then three of them look like a tag: only what stands in a text of some length is one.
  const texts = /(?:[\n\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}){12,}/g;
  let looked = 0;
  for (const file of await readdir(dist, { recursive: true })) {
    if (!/\.(js|wasm|html)$/.test(file)) continue;
    const text = (await readFile(path.join(dist, file), "latin1")).replaceAll(bound, "");
    const served = file.endsWith(".html") ? text.match(/<[^>]+\son\w+=|<script(?![^>]+src=)[^>]*>|style=/)?.[0] : null;
    assert.equal(text.match(sinks)?.[0] ?? served ?? undefined, undefined, file);
    assert.ok(!/innerHTML/.test(text) || file.endsWith(".wasm"), `${file} sets markup`);
    if (file.endsWith(".wasm")) assert.equal((text.match(texts) ?? []).find((part) => markup.test(part)), undefined, `${file}: static markup; write class={"…"} so that it is made by elements`);
    looked += 1;
  }
  assert.ok(looked > 30, "there was something to look at");
});
