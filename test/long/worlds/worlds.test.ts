// Random worlds on real pacman: whatever moved between two moments of the repositories, an accepted plan ends where it said,
// everything else leaves the machine alone, and the way back leads back. SEED=number repeats a run, WORLDS=number bounds it.
import { expect, test } from "vitest";
import { liveWorlds, summarize } from "./live-worlds.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000_000);
const worlds = Number(process.env["WORLDS"] ?? 300);

test(`every promise is kept in ${worlds} random worlds from seed ${seed} on`, async () => {
  const lived = await liveWorlds(Array.from({ length: worlds }, (_, index) => seed + index));
  console.log(`${summarize(lived)}; the first seed was ${seed}`);
  expect(lived.broken.join("\n\n")).toBe("");
  expect(lived.lives).toHaveLength(worlds);
});
