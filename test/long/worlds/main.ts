// `make worlds`: WORLDS random worlds (300 unless said) from SEED on, a new one unless said. Exits 1 when a promise was broken
// in one, with the line that repeats it.
import { randomInt } from "node:crypto";
import { liveWorlds, summarize } from "./live-worlds.ts";

/** Told as they come, so that a long search can be watched and ended. */
const AT_A_TIME = 50;

const { SEED, WORLDS } = process.env;
const first = SEED === undefined || SEED === "" ? randomInt(1_000_000_000) : Number(SEED);
const count = WORLDS === undefined || WORLDS === "" ? 300 : Number(WORLDS);
if (!Number.isInteger(first) || !Number.isInteger(count)) throw new Error("SEED and WORLDS are whole numbers");

process.exitCode = 0;
for (let done = 0; done < count; done += AT_A_TIME) {
  const seeds = Array.from({ length: Math.min(AT_A_TIME, count - done) }, (_, index) => first + done + index);
  const lived = await liveWorlds(seeds);
  for (const one of lived.broken) process.stdout.write(`${one}\n\n`);
  process.stdout.write(`from seed ${first + done}: ${summarize(lived)}\n`);
  if (lived.broken.length > 0) process.exitCode = 1;
}
