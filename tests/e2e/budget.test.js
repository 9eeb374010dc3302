// What synchronising costs (protocol §5), counted in the endpoint's access log.

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";
import { connect, invite, join, shared, syncNow } from "./support/sharing.js";
import { addCustomer, findCustomer } from "./support/shop.js";

/** The requests that reach a bucket while something happens, as `METHOD what`. */
async function requests(endpoint, happens) {
  const before = (await endpoint.requests()).length;
  await happens();
  return (await endpoint.requests()).slice(before).map(spoken);
}

/** What a request is about, without names that differ from run to run. */
function spoken({ method, name, query }) {
  if (query.has("list-type")) return `${method} list of ${query.get("prefix").split("/")[1]}/`;
  const [, kind, , below] = name.split("/");
  return `${method} ${{ h: "head", d: below === "s" ? "segment" : below, k: "control", i: "invitation" }[kind]}`;
}

journey("an idle round is one LIST, a pull one more for each changed device, a push two PUTs", async (shop) => {
  const { endpoint } = shop;
  // The app comes from another origin than the bucket: a request that needs a preflight would show it.
  const elsewhere = await shop.anotherEndpoint();
  const a = await shop.device("A", {}, elsewhere);
  const b = await shop.device("B", {}, elsewhere);
  const c = await shop.device("C");
  await connect(a.app, endpoint);
  const link = await invite(a.app);
  await join(b.app, link);
  await join(c.app, link.replace(elsewhere.origin, endpoint.origin));
  for (const { app } of [a, b, c]) await syncNow(app);
  for (const { app } of [a, b, c]) await syncNow(app);

  for (const { app } of [a, b, c]) {
    assert.deepEqual(await requests(endpoint, () => syncNow(app)), ["GET list of h/"]);
  }

  await b.setOffline(true);
  const push = await requests(endpoint, async () => {
    await addCustomer(c.app, { name: "王小丫" });
    await shared(c.app);
  });
  assert.deepEqual(push, ["GET list of h/", "PUT segment", "PUT head"]);

  // One batch waits for B, then one of each of the two others.
  assert.deepEqual(await back(endpoint, b, "王小丫"), ["GET list of h/", "GET head"]);
  await b.setOffline(true);
  await addCustomer(a.app, { name: "李二狗" });
  await shared(a.app);
  await addCustomer(c.app, { name: "赵铁柱" });
  await shared(c.app);
  assert.deepEqual(await back(endpoint, b, "赵铁柱"), ["GET list of h/", "GET head", "GET head"]);
  await findCustomer(b.app, "李二狗");
});

/** What a device asks for when the network is back, until it has the customer of this name. */
async function back(endpoint, device, name) {
  return requests(endpoint, async () => {
    await device.setOffline(false);
    await findCustomer(device.app, name);
    await shared(device.app);
  });
}
