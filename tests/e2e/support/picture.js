// Pictures as a phone would have them.

/** A picture of one colour, for an input that takes files. */
export async function picture(page, colour) {
  const bytes = await page.evaluate(async (colour) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 800, height: 600 });
    const draw = canvas.getContext("2d");
    draw.fillStyle = colour;
    draw.fillRect(0, 0, 800, 600);
    const blob = await new Promise((give) => canvas.toBlob(give, "image/png"));
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, colour);
  return { name: `${colour}.png`, mimeType: "image/png", buffer: Buffer.from(bytes) };
}
