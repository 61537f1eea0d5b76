// The same worlds in every run: the share of the long property test that every change has to pass.
import { expect, test } from "vitest";
import { liveWorlds } from "../long/worlds/live-worlds.ts";

test.each([1, 11])("every promise is kept in the random worlds from %i on", async (seed) => {
  const { lives, broken } = await liveWorlds([0, 1, 2, 3, 4].map((index) => seed + index));
  expect(broken.join("\n\n")).toBe("");
  // Worlds that refuse everything would prove nothing.
  expect(lives.filter(({ isReverted }) => isReverted).length).toBeGreaterThan(1);
});
