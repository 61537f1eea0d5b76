import { expect, it } from "vitest";
import { readWaybarLine } from "../../test/support/waybar-contract.ts";
import { SYNC_STATUSES, type SyncStatus } from "../drift/sync-status.ts";
import type { PoolSummary, PoolsState } from "./bar-summary.ts";
import { barLine } from "./status-line.ts";

const NOW = 1_800_000_000_000;
const none = Object.fromEntries(SYNC_STATUSES.map((status) => [status, 0])) as Record<SyncStatus, number>;

function pool(name: string, counts: Partial<Record<SyncStatus, number>>, more: Partial<PoolSummary> = {}): PoolSummary {
  const all = { ...none, ...counts };
  const endpoints = Object.values(all).reduce((sum, one) => sum + one, 0);
  return { name, counts: all, endpoints, online: endpoints, targetRevision: 3, message: "tested", ...more };
}

function draw(pools: readonly PoolSummary[], more: Partial<PoolsState> = {}) {
  const state = { pools, offlineSinceMs: undefined, reportedAtMs: NOW, ...more };
  return readWaybarLine(barLine({ kind: "pools", pools: state }, NOW));
}

it("gives the line the text and class of the worst status of all pools, and lists the worst pool first", () => {
  const line = draw([pool("main", { "in-sync": 8, behind: 2 }), pool("lab", { degraded: 1, "in-sync": 1 })]);
  expect(line).toMatchObject({ shown: "! 1/12", alt: "degraded", classes: ["degraded"], percentage: 75 });
  expect(line.shownTooltip.split("\n")).toEqual([
    "lab: 1 degraded, 1 in-sync (2 online) · target 3: tested",
    "main: 2 behind, 8 in-sync (10 online) · target 3: tested",
  ]);
});

it("is green only when every endpoint is in sync, and a fleet of nobody is not", () => {
  expect(draw([pool("main", { "in-sync": 3 })])).toMatchObject({ shown: "✓ 3", alt: "in-sync", percentage: 100 });
  expect(draw([pool("main", {})])).toMatchObject({ shown: "· none", alt: "unknown", percentage: 0 });
  expect(draw([])).toMatchObject({ shown: "· none", alt: "unknown" });
});

it("says that the server is gone and since when, and dims what is old", () => {
  const line = draw([pool("main", { "in-sync": 1 })], { offlineSinceMs: NOW - 300_000, reportedAtMs: NOW - 300_000 });
  expect(line).toMatchObject({ alt: "offline", classes: ["in-sync", "offline", "stale"] });
  expect(line.tooltip).toContain("server not reachable for 5 min");
  expect(line.text).toContain("alpha");
});

it("tells a waiting approval, machines that are all asleep, an old target, and the newest deed", () => {
  const lastDeed = { what: "set-latest from atlas, target 3", who: "ann", atMs: NOW - 60_000 };
  const older = { ...lastDeed, who: "bob", atMs: NOW - 120_000 };
  const line = draw([
    pool("main", { "pending-approval": 1 }, { online: 0, lastDeed, hint: "old target" }),
    pool("lab", { blocked: 1 }, { online: 0, lastDeed: older }),
  ]);
  expect(line.classes).toEqual(["blocked", "asleep", "approval", "old-target"]);
  expect(line.shownTooltip).toContain("last: main: set-latest from atlas, target 3, by ann, 1 min ago");
});

it("lists a dozen of a thousand pools, and none of the bad ones is left out", () => {
  const pools = Array.from({ length: 1_000 }, (_, at) =>
    pool(`p${String(at)}`, at === 999 ? { degraded: 1 } : { "in-sync": 1 }),
  );
  const { shownTooltip, shown } = draw(pools);
  expect(shown).toBe("! 1/1000");
  expect(shownTooltip).toContain("p999: 1 degraded");
  expect(shownTooltip).toContain("and 988 more pools");
});
