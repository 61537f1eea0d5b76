import { expect, test } from "vitest";
import { clipLine, clipLines } from "./clip.ts";

test("a text within bounds stays as it is", () => {
  expect(clipLine("a hook failed: päckage 🎉")).toBe("a hook failed: päckage 🎉");
});

test("a line of a broken program becomes one that the server takes", () => {
  const line = clipLine(`nul \u0000 and half a pair \ud800 ${"🎉".repeat(2_000)}`);
  expect(line.length).toBeLessThanOrEqual(2_000);
  expect(line.isWellFormed()).toBe(true);
  expect(line).not.toContain("\u0000");
  expect(line.endsWith("...")).toBe(true);
});

test("of many lines the first are kept and the rest is counted", () => {
  const lines = clipLines(Array.from({ length: 120 }, (_, index) => `line ${String(index)}`));
  expect(lines).toHaveLength(50);
  expect(lines.at(-1)).toBe("and 71 more");
});
