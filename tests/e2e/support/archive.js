// The app's own archive, read back: what the shop would have in hand if it left.

import { readFile } from "node:fs/promises";
import { unzipSync, strFromU8 } from "fflate";

/** Reads an exported archive: an array of records for every kind in it. */
export async function readArchive(file) {
  const kinds = {};
  for (const [name, bytes] of Object.entries(unzipSync(await readFile(file)))) {
    const kind = /^(.+)\.jsonl$/.exec(name)?.[1];
    if (kind) kinds[kind] = strFromU8(bytes).split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }
  return new Archive(kinds);
}

class Archive {
  constructor(kinds) {
    this.kinds = kinds;
  }

  /** Records of a kind that are not in the recycle bin. */
  live(kind) {
    return (this.kinds[kind] ?? []).filter((record) => !record.deleted);
  }

  /** All records of a kind. */
  all(kind) {
    return this.kinds[kind] ?? [];
  }
}
