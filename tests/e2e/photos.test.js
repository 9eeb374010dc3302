// Photos and signatures, on the page that shows every part: looked at, added, taken away, drawn, and written by a keyboard.

import assert from "node:assert/strict";

import { journey } from "./support/journey.js";
import { press, tabTo } from "./support/keys.js";

for (const [lang, look] of [
  ["zh", {}],
  ["en", { width: 1024, height: 768, scheme: "dark" }],
]) {
  journey(`photos are looked at, added and taken away (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang, ...look });
    const group = await photos(app, "现场照片", "Photos of the place");
    const tiles = group.locator("button.photo");
    const viewer = page.getByRole("dialog");
    const shown = async (n) => {
      await viewer.getByRole("heading", { name: app.say(`照片 ${n}`, `Photo ${n}`) }).waitFor();
      await viewer.getByText(`${n} / 5`, { exact: true }).waitFor();
    };
    await press(page, tiles.nth(1));
    await shown(2);
    const picture = viewer.getByRole("img", { name: app.say("照片 2", "Photo 2") });
    assert.ok(await fits(picture), "the whole picture is seen");
    await page.keyboard.press("ArrowRight");
    await shown(3);
    await page.keyboard.press("ArrowRight");
    await viewer.getByText(app.say("在王芳的手机上，还没有传来", "Still on Wang Fang’s phone")).waitFor();
    await page.keyboard.press("End");
    await shown(5);
    await page.keyboard.press("ArrowRight");
    await shown(1);
    await swipe(page, -200);
    await shown(2);
    await swipe(page, 200);
    await shown(1);
    await swipe(page, 20);
    await shown(1);
    await press(page, viewer.getByRole("button", { name: app.say("上一张", "Previous") }));
    await shown(5);
    await page.keyboard.press("Escape");
    await viewer.waitFor({ state: "hidden" });
    await tiles.nth(1).and(page.locator(":focus")).waitFor();

    // One that is taken away leaves the focus to the one that comes into its place.
    await page.keyboard.press("Enter");
    await press(page, viewer.getByRole("button", { name: app.say("去掉这张", "Remove") }));
    await viewer.waitFor({ state: "hidden" });
    assert.equal(await tiles.count(), 4);
    await tiles.nth(1).and(page.locator(":focus")).waitFor();

    await group.locator("input[type=file]").setInputFiles([await photo(page), { name: "笔记.txt", mimeType: "text/plain", buffer: Buffer.from("no photo") }]);
    await app.sees("读不了：笔记.txt", "Cannot be read: 笔记.txt");
    await tiles.nth(4).waitFor();
    await tiles.nth(2).click();
    const added = viewer.getByRole("img", { name: app.say("照片 3", "Photo 3") });
    await page.waitForFunction((image) => image.complete, await added.elementHandle());
    assert.deepEqual(await added.evaluate(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight]), [1600, 800]);
  });

  journey(`a signature is drawn, or the name is written (${lang})`, async (shop) => {
    const { app, page } = await shop.device("A", { lang, ...look });
    const group = await photos(app, "客人签名", "Signature of the customer");
    const button = (zh, en) => group.getByRole("button", { name: app.say(zh, en), exact: true });
    const pad = group.locator(".sign-pad");
    assert.ok(await button("签好了", "Sign").isDisabled(), "nothing is no signature");
    await pad.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await pad.boundingBox();
    await page.mouse.move(x + width * 0.25, y + height * 0.5);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.5, y + height * 0.25, { steps: 5 });
    // Also beyond the edge the stroke goes on.
    await page.mouse.move(x + width * 0.75, y + height * 1.2, { steps: 5 });
    await page.mouse.up();
    await button("签好了", "Sign").click();
    const drawn = await inked(group);
    assert.deepEqual([drawn.width, drawn.height], [800, 400]);
    assert.ok(drawn.dark > 500 && drawn.left < 210 && drawn.left > 180 && drawn.right > 500, JSON.stringify(drawn));

    // By the keyboard alone the name is written.
    await press(page, button("重新签名", "Sign again"));
    await group.locator("button:focus").waitFor();
    await press(page, button("改为写名字", "Write the name instead"));
    await group.locator("input:focus").waitFor();
    await page.keyboard.type(app.say("欧阳小丫", "Maximiliane Featherstonehaugh-Cholmondeley"));
    await page.keyboard.press("Enter");
    await button("重新签名", "Sign again").and(page.locator(":focus")).waitFor();
    const written = await inked(group);
    assert.ok(written.dark > 1_000 && written.left > 20 && written.right < 780, JSON.stringify(written));

    // Whoever begins again by mistake keeps what was there.
    const before = await group.locator("img").getAttribute("src");
    await press(page, button("重新签名", "Sign again"));
    await press(page, button("保留原来的", "Keep the one before"));
    await tabTo(page, button("重新签名", "Sign again"));
    assert.equal(await group.locator("img").getAttribute("src"), before);
  });
}

/** The group of this name on the page of the parts, with all that is drawn for it. */
async function photos(app, zh, en) {
  await app.go("/more/gallery");
  await app.page.locator(".photos").nth(1).locator("[data-picture=here] img").nth(2).waitFor();
  await app.page.locator(".signature").waitFor();
  return app.page.getByRole("group", { name: app.say(zh, en), exact: true });
}

/** A finger goes so far across the middle of the screen. */
async function swipe(page, across) {
  const finger = await page.context().newCDPSession(page);
  const touch = (type, ...touchPoints) => finger.send("Input.dispatchTouchEvent", { type, touchPoints });
  const { width, height } = page.viewportSize();
  const at = (part) => ({ x: width / 2 + across * part, y: height / 2 });
  await touch("touchStart", at(-0.5));
  await touch("touchMove", at(0));
  await touch("touchMove", at(0.5));
  await touch("touchEnd");
  await finger.detach();
}

/** Whether all of a picture is in its place: neither cut nor out of the window. */
async function fits(image) {
  return image.evaluate((image) => {
    const { left, top, right, bottom } = image.getBoundingClientRect();
    const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    return inside && getComputedStyle(image).objectFit === "contain";
  });
}

/** A photo that is larger than one is kept. */
async function photo(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 2000, height: 1000 });
    const blob = await new Promise((give) => canvas.toBlob(give, "image/png"));
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  return { name: "IMG_1.png", mimeType: "image/png", buffer: Buffer.from(bytes) };
}

/** The signature that is shown: its size, how much of it is dark, and from where to where. */
async function inked(group) {
  const image = group.locator("img.signature");
  await image.waitFor();
  return image.evaluate(async (image) => {
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const pen = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, width, height);
    let [dark, left, right] = [0, width, 0];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] > 128) continue;
      dark += 1;
      const x = (at / 4) % width;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
    }
    return { width, height, dark, left, right };
  });
}
