import fc from "fast-check";
import { expect, it } from "vitest";
import { unifiedDiff } from "./text-diff.ts";

it("shows what changes with three lines around it, as diff -u does", () => {
  const before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";
  const after = "a\nb\nc\nd\nE\nf\ng\nh\ni\nj\nk\n";
  expect(unifiedDiff("file", before, after)).toEqual(
    "--- file|+++ file|@@ -2,9 +2,10 @@| b| c| d|-e|+E| f| g| h| i| j|+k".split("|"),
  );
});

it("says of a new file that there was none, and nothing of equal ones", () => {
  expect(unifiedDiff("file", "", "a\n")).toEqual(["--- /dev/null", "+++ file", "@@ -1,0 +1,1 @@", "+a"]);
  expect(unifiedDiff("file", "a\n", "a\n")).toEqual([]);
});

it("is what makes the one text of the other", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = unifiedDiff("x", [...before, "end"].join("\n"), [...after, "end"].join("\n")).slice(2);
      const changed = (kind: string) => lines.filter((line) => line.startsWith(kind)).length;
      expect(changed("+") - changed("-")).toBe(after.length - before.length);
    }),
  );
});
