import { describe, expect, it } from "vitest";
import { type DriftCounts, NO_DRIFT } from "./drift.ts";
import { computeSyncStatus, type SyncStatus, type SyncStatusInput } from "./sync-status.ts";

const calm: SyncStatusInput = {
  isSyncing: false,
  isApprovalPending: false,
  blockedBecause: undefined,
  isDegraded: false,
  hasReport: true,
  hasTarget: true,
  mode: "versions",
  counts: NO_DRIFT,
};

const counts = (some: Partial<DriftCounts>): DriftCounts => ({ ...NO_DRIFT, ...some });

describe("the sync status", () => {
  // Each row switches on its own condition and everything below it: the first that applies must win.
  const conditions: readonly (readonly [SyncStatus, Partial<SyncStatusInput>])[] = [
    ["syncing", { isSyncing: true }],
    ["pending-approval", { isApprovalPending: true }],
    ["blocked", { blockedBecause: "another program holds pacman's lock" }],
    ["degraded", { isDegraded: true }],
    ["unknown", { hasReport: false }],
    ["unknown", { hasTarget: false }],
    ["diverged", { counts: counts({ older: 1, newer: 1 }) }],
  ];

  it.each(conditions.map(([status], at) => ({ status, at })))(
    "is $status before everything later (row $at)",
    ({ status, at }) => {
      const input = conditions.slice(at).reduceRight<SyncStatusInput>((sum, [, part]) => ({ ...sum, ...part }), calm);
      expect(computeSyncStatus(input)).toBe(status);
    },
  );

  const table: readonly (readonly [Partial<DriftCounts>, SyncStatus, SyncStatus])[] = [
    // counts, in mode versions, in mode mirror
    [{}, "in-sync", "in-sync"],
    [{ older: 1 }, "behind", "behind"],
    [{ rebuilt: 1 }, "behind", "behind"],
    [{ missing: 1 }, "behind", "behind"],
    [{ replaced: 1 }, "behind", "behind"],
    [{ newer: 1 }, "ahead", "ahead"],
    [{ newer: 1, older: 1 }, "diverged", "diverged"],
    [{ newer: 1, missing: 1 }, "diverged", "diverged"],
    [{ newer: 1, rebuilt: 1 }, "diverged", "diverged"],
    [{ newer: 1, replaced: 1 }, "diverged", "diverged"],
    [{ extra: 1 }, "in-sync", "diverged"],
    [{ reason: 1 }, "in-sync", "diverged"],
    [{ older: 1, extra: 1 }, "behind", "diverged"],
    [{ held: 9, foreign: 9, own: 9, unavailable: 9 }, "in-sync", "in-sync"],
    [{ held: 9, foreign: 9, own: 9, unavailable: 9, newer: 1 }, "ahead", "ahead"],
  ];

  it.each(table)("of %j is %s in mode versions and %s in mode mirror", (some, versions, mirror) => {
    expect(computeSyncStatus({ ...calm, counts: counts(some) })).toBe(versions);
    expect(computeSyncStatus({ ...calm, counts: counts(some), mode: "mirror" })).toBe(mirror);
  });
});
