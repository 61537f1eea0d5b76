// Random worlds on real pacman: whatever moved between two moments of the repositories, an accepted plan ends where it said,
// everything else leaves the machine alone, and the way back leads back. The same worlds in every run, so that a failure is
// about the change at hand; `make worlds` draws new ones.
import { expect, test } from "vitest";
import { liveWorlds, summarize } from "./live-worlds.ts";

const FIRST_SEED = 1_000_000;
const WORLDS = 300;

test(`every promise is kept in ${WORLDS} random worlds`, async () => {
  const lived = await liveWorlds(Array.from({ length: WORLDS }, (_, index) => FIRST_SEED + index));
  console.log(summarize(lived));
  expect(lived.broken.join("\n\n")).toBe("");
  expect(lived.lives).toHaveLength(WORLDS);
});

/** Each broke a promise once: late removals and files, stand-ins, folders that turn, shares, pins, own packages' needs. */
const BROKEN_ONCE = [
  417_401_650, 7_000_251, 7_000_255, 7_000_300, 7_000_396, 7_000_495, 7_000_528, 7_000_601, 7_000_712, 7_000_717,
];

test("every promise is kept in the worlds that once broke one", async () => {
  const { broken } = await liveWorlds(BROKEN_ONCE);
  expect(broken.join("\n\n")).toBe("");
});
