// The objects as a bucket that lies may change them: plain files.

import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** Every file below a folder with its bytes. */
export async function allFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  return Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })));
}

/** Changes one bit in the middle of the first object. Returns what was changed, for `restore`. */
export async function flipBit([object]) {
  const changed = Buffer.from(object.bytes);
  changed[changed.length >> 1] ^= 1;
  await writeFile(object.file, changed);
  return [object];
}

/** Cuts the first object off. */
export async function truncate([object]) {
  await writeFile(object.file, object.bytes.subarray(0, object.bytes.length >> 1));
  return [object];
}

/** Puts the first object in the place of the second, and the other way round. */
export async function swap([one, other]) {
  await writeFile(one.file, other.bytes);
  await writeFile(other.file, one.bytes);
  return [one, other];
}

/** Puts objects back as they were. */
export async function restore(objects) {
  for (const { file, bytes } of objects) await writeFile(file, bytes);
}
