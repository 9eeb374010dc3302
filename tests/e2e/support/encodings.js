// A text in every encoding in which somebody might find it.

const gb18030 = signsOfGb18030();

/** The bytes of a text as UTF-8, as UTF-16 of either order, and as GB18030. */
export function encodings(text) {
  const little = Buffer.from(text, "utf16le");
  const all = [Buffer.from(text), little, Buffer.from(little).swap16()];
  const signs = [...text].map((sign) => gb18030.get(sign));
  return signs.includes(undefined) ? all : [...all, Buffer.concat(signs)];
}

/** Node decodes GB18030 but does not encode it: the table of its one- and two-byte signs, turned round. */
function signsOfGb18030() {
  const decoder = new TextDecoder("gb18030");
  const table = new Map();
  for (let byte = 0; byte < 0x80; byte += 1) table.set(String.fromCharCode(byte), Buffer.of(byte));
  for (let lead = 0x81; lead < 0xff; lead += 1) {
    for (let trail = 0x40; trail < 0xff; trail += 1) {
      const bytes = Buffer.of(lead, trail);
      const [sign, ...more] = decoder.decode(bytes);
      if (more.length === 0 && sign !== "\ufffd" && !table.has(sign)) table.set(sign, bytes);
    }
  }
  return table;
}
