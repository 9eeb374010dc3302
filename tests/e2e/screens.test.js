// Every main screen with sample data, in both languages, by day and by night, at every width from a small phone to a desk.

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";
import { look } from "./support/look.js";
import { places, sample } from "./support/places.js";
import { connect, invite, join, manage, recoverySheet, syncNow } from "./support/sharing.js";

for (const lang of ["zh", "en"]) {
  for (const scheme of ["light", "dark"]) {
    /** Goes to a screen and looks at it. */
    const visit = async (app, name, route) => {
      await app.go(route);
      return see(app, name);
    };
    const see = (app, name) => look(app, `${name} ${lang} * ${scheme}`, { whole: name === "gallery" });

    journey(`the screens are accessible and in one language (${lang} ${scheme})`, async (shop) => {
      const { app } = await shop.device("A", { lang, scheme });
      const found = await visit(app, "welcome", "/");
      await sample(app);
      for (const [name, route] of Object.entries(await places(app))) found.push(...(await visit(app, name, route)));
      await app.go("/more/gallery");
      for (const [zh, en] of [["提问", "A question"], ["窗口", "A window"], ["工作单", "A sheet"]]) {
        await app.button(zh, en).click();
        found.push(...(await see(app, `gallery ${en}`)));
        await app.page.keyboard.press("Escape");
      }
      await app.page.locator("button.photo[data-picture=here]").first().click();
      found.push(...(await see(app, "gallery photo")));
      await app.page.keyboard.press("Escape");
      assert.deepEqual(found, []);
    });

    journey(`the screens of a team are so as well (${lang} ${scheme})`, async (shop) => {
      const a = await shop.device("A", { lang, scheme });
      const b = await shop.device("B", { lang, scheme });
      await connect(a.app, shop.endpoint);
      const say = (zh, en) => a.app.say(zh, en);
      await join(b.app, await invite(a.app, ["只读", "Viewer"]), say("后面的手机", "Phone in the back"));
      await syncNow(a.app);
      const found = await visit(a.app, "team", "/more/devices");
      await recoverySheet(a.app);
      found.push(...(await see(a.app, "recovery")));
      await manage(a.app, undefined, async (sheet) => {
        found.push(...(await see(a.app, "member")));
        await sheet.getByRole("button", { name: say("移出这台设备", "Remove this device"), exact: true }).click();
        found.push(...(await see(a.app, "removal")));
        await a.app.button("移出", "Remove").click();
        await a.app.sees("已移出。", "Removed.");
      });
      await syncNow(b.app);
      found.push(...(await visit(b.app, "removed", "/customers")));
      assert.deepEqual(found, []);
    });
  }
}
