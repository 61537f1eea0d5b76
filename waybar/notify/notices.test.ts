import { describe, expect, it } from "vitest";
import { NO_DRIFT } from "../../domain/drift/drift.ts";
import { SYNC_STATUSES } from "../../domain/drift/sync-status.ts";
import type { PoolSummary } from "../../domain/status-line/bar-summary.ts";
import type { StatusSummary } from "../../domain/status-line/status-summary.ts";
import { type Basis, newsOf } from "./notices.ts";

const calm: StatusSummary = {
  endpoint: "atlas",
  pool: "home",
  status: "in-sync",
  counts: NO_DRIFT,
  targetRevision: 7,
  reasons: [],
  reportedAtMs: 0,
};
const behind = { status: "behind", counts: { ...NO_DRIFT, older: 12, missing: 1 } } as const;

/** What is told at each step, the first one being what was known before. */
function story(...steps: readonly Partial<StatusSummary>[]): readonly (readonly string[])[] {
  let basis: Basis | undefined;
  return steps.map((step) => {
    const news = newsOf(basis, { kind: "endpoint", endpoint: { ...calm, ...step } });
    basis = news.basis;
    return news.notices.map(({ kind, title, text }) => `${kind}: ${title}${text === "" ? "" : ` (${text})`}`);
  });
}

describe("what is told of an endpoint", () => {
  it("is nothing at first, whatever it is, and nothing while nothing changes", () => {
    for (const status of SYNC_STATUSES) expect(story({ status }, { status })).toEqual([[], []]);
  });

  it("is a new target and what it means here, then that a sync reached it", () => {
    expect(
      story(
        {},
        { ...behind, targetRevision: 8, message: "May" },
        { ...behind, status: "pending-approval", targetRevision: 8, reasons: ["it asks here"] },
        { status: "syncing", targetRevision: 8 },
        { targetRevision: 8, message: "May" },
      ),
    ).toEqual([
      [],
      ["target: New target 8 for home (May)", "sync: atlas is behind (12 older, 1 missing)"],
      ["approval: atlas waits for your approval (it asks here)"],
      [],
      ["done: atlas is in sync (Target 8: May)"],
    ]);
  });

  it("is a failure with its reason, and a sync that ended before its target unless a person cancelled it", () => {
    expect(story({ status: "syncing" }, { status: "degraded", reasons: ["a hook failed"] })[1]).toEqual([
      "failed: atlas is degraded (a hook failed)",
    ]);
    const deed = { who: "ada", atMs: 0 };
    const refused = { ...behind, lastDeed: { ...deed, what: "sync to target 7, refused" } };
    const cancelled = { ...behind, lastDeed: { ...deed, what: "sync to target 7, cancelled" } };
    expect(story({ status: "syncing" }, refused)[1]).toEqual([
      "failed: The sync of atlas did not finish (sync to target 7, refused)",
    ]);
    expect(story({ status: "syncing" }, cancelled)[1]).toEqual([]);
    expect(story({ status: "syncing" }, { ...behind, targetRevision: 8 })[1]).toEqual([
      "target: New target 8 for home",
    ]);
  });

  it("is a reboot once, until it was done", () => {
    const due = { rebootRequired: true };
    expect(story({}, due, due, {}, due).map((told) => told.length)).toEqual([0, 1, 0, 0, 1]);
  });

  it("is nothing that nobody vouches for: offline, unknown, or a server that says no", () => {
    expect(story(behind, { status: "unknown" }, behind)).toEqual([[], [], []]);
    expect(story({}, { ...behind, offlineSinceMs: 1 }, {})).toEqual([[], [], []]);
    const known = newsOf(undefined, { kind: "endpoint", endpoint: calm }).basis;
    expect(newsOf(known, { kind: "problem", problem: "key", sentence: "no" })).toEqual({ basis: known, notices: [] });
  });

  it("is of this endpoint: another one begins anew", () => {
    expect(story({}, { ...behind, endpoint: "borealis", targetRevision: 9 })).toEqual([[], []]);
  });
});

it("of pools it is how many need something, when it becomes more, and when all are where they should be", () => {
  const none = Object.fromEntries(SYNC_STATUSES.map((status) => [status, 0])) as PoolSummary["counts"];
  const pool = (more: Partial<PoolSummary["counts"]>, targetRevision = 3): PoolSummary => ({
    name: "studio",
    online: 3,
    endpoints: 3,
    targetRevision,
    message: "May",
    counts: { ...none, ...more },
  });
  const states = [
    pool({ "in-sync": 3 }),
    pool({ behind: 3 }, 4),
    pool({ behind: 1, "in-sync": 1, "pending-approval": 1 }, 4),
    pool({ "in-sync": 2, degraded: 1 }, 4),
    pool({ "in-sync": 3 }, 4),
  ];
  let basis: Basis | undefined;
  const told = states.map((one) => {
    const news = newsOf(basis, { kind: "pools", pools: { pools: [one], offlineSinceMs: undefined, reportedAtMs: 0 } });
    basis = news.basis;
    return news.notices.map(({ title }) => title);
  });
  expect(told).toEqual([
    [],
    ["New target 4 for studio", "3 of 3 in studio are behind"],
    ["1 of 3 in studio wait for your approval"],
    ["1 of 3 in studio need a hand"],
    ["All 3 in studio are in sync"],
  ]);
});
