// An invitation before the camera: a film of the code that the app itself shows, turned a little, as a hand holds it.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";

import { journey } from "./support/journey.js";
import { connect, invite, shared } from "./support/sharing.js";

const FILM = { width: 1280, height: 720 };
const TURNED = (7 * Math.PI) / 180;
/** A side of the code, in pixels of the film. */
const SIDE = 520;
const CAMERA = ["--use-fake-device-for-media-stream"];

for (const lang of ["zh", "en"]) {
  journey(`a device joins by what its camera sees (${lang})`, async (shop) => {
    const a = await shop.device("A", { lang });
    await connect(a.app, shop.endpoint);
    const link = await invite(a.app);
    const file = path.join(a.profile, "code.y4m");
    await writeFile(file, film(await modules(a.page)));

    const b = await shop.device("B", { lang, args: [...CAMERA, "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${file}`] });
    await b.app.go("/");
    await b.app.link("加入团队", "Join a team").click();
    await b.app.button("用相机扫码", "Scan the code").click();
    await b.app.button("加入", "Join").waitFor();
    assert.equal(`${b.app.origin}/#${b.app.route()}`, link);
    assert.equal(await b.page.locator("video").count(), 0);
    await b.app.button("加入", "Join").click();
    await b.page.waitForURL((url) => !url.hash.includes("join"));
    await shared(b.app);
  });

  journey(`without a camera an invitation is pasted (${lang})`, async (shop) => {
    const a = await shop.device("A", { lang });
    await connect(a.app, shop.endpoint);
    const link = await invite(a.app);

    const refused = await shop.device("B", { lang, args: CAMERA });
    const { app } = refused;
    await app.go("/join");
    await app.button("用相机扫码", "Scan the code").click();
    await app.sees("没有使用相机的许可", "The camera is not allowed");
    const pasted = app.field("邀请链接", "Invitation link");
    await pasted.fill("https://example.com/");
    await app.button("继续", "Continue").click();
    await app.sees("这不是邀请链接", "This is no invitation");
    await pasted.fill(`${app.say("店里的账簿：", "Our book: ")}${link} ${app.say("（七天有效）", "(for a week)")}`);
    await app.button("继续", "Continue").click();
    await app.button("加入", "Join").click();
    await app.page.waitForURL((url) => !url.hash.includes("join"));
    await shared(app);
  });
}

/** The dark squares of the code on the screen, as a picture of one pixel each, with its white frame. */
async function modules(page) {
  const [frame, strokes] = await page.locator("svg.qr").evaluate((svg) => [svg.getAttribute("viewBox"), svg.querySelector("path").getAttribute("d")]);
  const [left, top, size] = frame.split(" ").map(Number);
  const dark = new Set([...strokes.matchAll(/M(\d+) (\d+)/g)].map(([, x, y]) => `${x - left},${y - top}`));
  return { size, isDark: (x, y) => dark.has(`${Math.floor(x)},${Math.floor(y)}`) };
}

/** A film of one picture, uncompressed, as a camera would see the code on a grey table. */
function film({ size, isDark }) {
  const { width, height } = FILM;
  const light = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [across, down] = [x - width / 2, y - height / 2];
      const turn = (a, b) => ((a * Math.cos(TURNED) + b * Math.sin(TURNED)) / SIDE + 0.5) * size;
      const [column, row] = [turn(across, down), turn(down, -across)];
      const outside = Math.min(column, row) < 0 || Math.max(column, row) >= size;
      light[y * width + x] = outside ? 150 : isDark(column, row) ? 30 : 235;
    }
  }
  const colourless = Buffer.alloc((width * height) / 2, 128);
  const frame = [Buffer.from("FRAME\n"), light, colourless];
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F5:1 Ip A1:1 C420jpeg\n`), ...frame, ...frame]);
}
