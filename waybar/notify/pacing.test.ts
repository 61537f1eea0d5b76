import { expect, it } from "vitest";
import type { Notice } from "./notices.ts";
import { BURST, BURST_WINDOW_MS, dueAtMs, GAP_MS, merged, SETTLE_MS } from "./pacing.ts";

const notice = (kind: Notice["kind"], title: string = kind, about = "atlas"): Notice => ({
  kind,
  about,
  title,
  text: "",
});

it("a first notice waits only for what comes with it, a second one for the gap", () => {
  expect(dueAtMs(1_000, [])).toBe(1_000 + SETTLE_MS);
  expect(dueAtMs(1_000, [900])).toBe(900 + GAP_MS);
  expect(dueAtMs(900 + 2 * GAP_MS, [900])).toBe(900 + 2 * GAP_MS + SETTLE_MS);
});

it("a machine that flaps for an hour interrupts a few times in each ten minutes", () => {
  const shown: number[] = [];
  for (let nowMs = 0; nowMs < 3_600_000; nowMs += 1_000) {
    const due = dueAtMs(nowMs, shown.slice(-BURST));
    if (due <= nowMs + 1_000) shown.push(due);
  }
  for (const at of shown) {
    expect(shown.filter((other) => other >= at && other < at + BURST_WINDOW_MS).length).toBeLessThanOrEqual(BURST);
  }
  expect(shown.length).toBeGreaterThan(BURST * 3);
});

it("what a newer notice makes untrue is gone, and the worst stands first", () => {
  const before = [notice("target"), notice("sync"), notice("reboot")];
  expect(merged(before, [notice("failed")]).map(({ kind }) => kind)).toEqual(["failed", "reboot", "sync", "target"]);
  expect(merged(before, [notice("done")]).map(({ kind }) => kind)).toEqual(["reboot", "done"]);
  expect(merged([notice("failed")], [notice("done"), notice("failed", "again")]).map(({ title }) => title)).toEqual([
    "again",
  ]);
  expect(merged([notice("failed", "other", "borealis")], [notice("done")])).toHaveLength(2);
});

it("a flood stays one notification of a few lines", () => {
  const pools = Array.from({ length: 50 }, (_, at) => notice("failed", String(at), `pool-${String(at)}`));
  expect(merged([], pools).map(({ title }) => title)).toEqual(["49", "48", "47", "46", "45", "44"]);
  const targets = Array.from({ length: 50 }, (_, at) => notice("target", String(at)));
  expect(merged([notice("sync")], targets).map(({ title }) => title)).toEqual(["sync", "49"]);
});
