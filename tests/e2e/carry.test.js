// Changes that go by hand: what one device has not shared yet is read from a file by another, without a network.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { journey } from "./support/journey.js";
import { connect, invite, join, shared, syncNow } from "./support/sharing.js";
import { addCustomer, countCustomers, findCustomer } from "./support/shop.js";

for (const lang of ["zh", "en"]) {
  journey(`unshared changes are carried to another device as a file (${lang})`, async (shop) => {
    const a = await shop.device("A", { lang });
    const b = await shop.device("B", { lang });
    const name = a.app.say("唐玄奘", "Anna Lee");
    await connect(a.app, shop.endpoint);
    await join(b.app, await invite(a.app));
    await syncNow(a.app);
    for (const device of [a, b]) await device.setOffline(true);
    await addCustomer(a.app, { name });

    await a.app.go("/more/devices");
    const file = await a.app.download(a.app.button("存成文件", "Save as a file"));
    assert.ok(!(await readFile(file)).includes(name), "nothing can be read in it");
    const read = async (device, path) => {
      await device.app.go("/more/devices");
      await device.page.locator("input[type=file]").setInputFiles(path);
    };
    await read(a, file);
    await a.app.sees("这是本机自己存的文件", "This device saved the file itself");
    await read(b, import.meta.filename);
    await b.app.sees("这不是店簿存的改动文件", "This is no file of changes");
    await read(b, file);
    await b.app.sees("读入了", "changes were read");
    await findCustomer(b.app, name);

    // With the network back nothing is doubled.
    for (const device of [a, b]) await device.setOffline(false);
    await shared(a.app);
    await syncNow(b.app);
    for (const device of [a, b]) assert.equal(await countCustomers(device.app), 1);
  });
}
