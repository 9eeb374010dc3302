// Chance that can be repeated.

import { randomInt } from "node:crypto";

/** Numbers from 0 up to 1. The seed is printed; `E2E_SEED` repeats a run. */
export function seeded(t) {
  let state = Number(process.env.E2E_SEED ?? randomInt(2 ** 32)) >>> 0;
  t.diagnostic(`E2E_SEED=${state}`);
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
