import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_DRIFT } from "../domain/drift/drift.ts";
import type { StatusSummary } from "../domain/status-line/status-summary.ts";
import { parseSummary } from "./summary-file.ts";

const summary: StatusSummary = {
  endpoint: "atlas",
  pool: "main",
  status: "behind",
  counts: { ...NO_DRIFT, older: 3 },
  targetRevision: 2,
  reasons: ["3 packages are older"],
  reportedAtMs: 1_000,
};

test("what the agent writes is read back", () => {
  expect(parseSummary(JSON.stringify(summary))).toEqual(summary);
});

test("a summary of an older agent lacks a count and is read all the same", () => {
  expect(parseSummary(JSON.stringify({ ...summary, counts: { older: 3 } }))?.counts).toEqual(summary.counts);
});

test.each([
  ["an empty file", ""],
  ["half a file", JSON.stringify(summary).slice(0, 40)],
  ["a status that does not exist", JSON.stringify({ ...summary, status: "fine" })],
  ["a list", "[]"],
  ["a huge file", `${" ".repeat(70_000)}${JSON.stringify(summary)}`],
])("%s is the same as no summary", (_what, text) => {
  expect(parseSummary(text)).toBeUndefined();
});

test("no text makes it throw", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseSummary(text) === undefined || true));
});
