import { describe, expect, it } from "vitest";
import { readWaybarLine } from "../../test/support/waybar-contract.ts";
import { NO_DRIFT } from "../drift/drift.ts";
import { SYNC_STATUSES } from "../drift/sync-status.ts";
import { formatAge } from "./age.ts";
import { STALE_AFTER_MS } from "./line-content.ts";
import { escapePango, shorten } from "./pango.ts";
import { barLine, statusLine } from "./status-line.ts";
import type { StatusSummary } from "./status-summary.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

const calm: StatusSummary = {
  endpoint: "alpha",
  pool: "home",
  status: "in-sync",
  counts: NO_DRIFT,
  targetRevision: 7,
  reasons: [],
  reportedAtMs: NOW,
};

const lineOf = (some: Partial<StatusSummary>) => readWaybarLine(statusLine({ ...calm, ...some }, NOW));
const older = (count: number) => ({ ...NO_DRIFT, older: count });

describe("the text of one endpoint", () => {
  it.each([
    [{}, "✓"],
    [{ status: "behind", counts: { ...NO_DRIFT, older: 9, rebuilt: 1, missing: 1, replaced: 1 } }, "↓12"],
    [{ status: "ahead", counts: { ...NO_DRIFT, newer: 3, held: 8 } }, "↑3"],
    [{ status: "diverged", counts: { ...NO_DRIFT, older: 2, missing: 1, newer: 4 } }, "↓3 ↑4"],
    [{ status: "diverged", counts: { ...NO_DRIFT, extra: 2, reason: 1 } }, "±3"],
    [{ status: "syncing", percent: 43.9 }, "↻ 43%"],
    [{ status: "pending-approval" }, "? approve"],
    [{ status: "blocked" }, "! blocked"],
    [{ status: "degraded" }, "! degraded"],
    [{ status: "unknown" }, "· unknown"],
    [{ rebootRequired: true }, "⏻"],
    [{ rebootRequired: true, status: "behind", counts: older(2) }, "↓2 ⏻"],
    [{ asleepSinceMs: NOW - MINUTE, status: "behind", counts: older(2) }, "○ ↓2"],
  ] as const)("of %j is %s", (summary, text) => {
    expect(lineOf(summary).shown).toBe(text);
  });

  it("is never empty, and no two statuses look alike", () => {
    const texts = SYNC_STATUSES.map((status) => lineOf({ status, counts: { ...NO_DRIFT, older: 1, newer: 1 } }).shown);
    expect(new Set(texts).size).toBe(SYNC_STATUSES.length);
    expect(texts).not.toContain("");
  });
});

describe("what a bar can style", () => {
  it.each(SYNC_STATUSES)("is the status: %s", (status) => {
    expect(lineOf({ status })).toMatchObject({ alt: status });
    expect(lineOf({ status }).classes).toContain(status);
  });

  it.each([
    [{ rebootRequired: true }, "reboot", ["in-sync", "reboot"], 100],
    [{ rebootRequired: true, status: "degraded" }, "degraded", ["degraded", "reboot"], 0],
    [{ status: "pending-approval" }, "pending-approval", ["pending-approval", "approval"], 0],
    [{ targetIsOld: true }, "in-sync", ["in-sync", "old-target"], 100],
    [{ status: "syncing", percent: 41.7, offlineSinceMs: NOW }, "syncing", ["syncing", "offline"], 41],
    [{ offlineSinceMs: NOW - MINUTE }, "offline", ["in-sync", "offline"], 100],
    [{ asleepSinceMs: NOW - MINUTE }, "asleep", ["in-sync", "asleep"], 100],
    [{ isAgentStopped: true }, "stale", ["in-sync", "stale"], 100],
  ] as const)("%j has alt %s", (summary, alt, classes, percentage) => {
    expect(lineOf(summary)).toMatchObject({ alt, classes, percentage });
  });

  it("is stale, and dim, from the moment on at which nobody vouches for it, also in the middle of a sync", () => {
    expect(lineOf({ reportedAtMs: NOW - STALE_AFTER_MS + 1 })).toMatchObject({ alt: "in-sync", text: "✓" });
    const old = lineOf({ reportedAtMs: NOW - STALE_AFTER_MS, status: "syncing", percent: 3 });
    expect(old).toMatchObject({ alt: "stale", classes: ["syncing", "stale"], shown: "↻ 3%" });
    expect(old.text).toContain("<span alpha=");
  });
});

describe("the tooltip", () => {
  it("has the drift by name, the last deed, the fleet and the inbox", () => {
    const counts = { "in-sync": 3, behind: 2 } as NonNullable<StatusSummary["fleet"]>["counts"];
    const { shownTooltip } = lineOf({
      status: "behind",
      counts: { ...NO_DRIFT, older: 9, missing: 1, held: 4 },
      drift: [
        { name: "linux", kind: "older", installed: "6.9.1-1", wanted: "6.9.2-1" },
        { name: "foo", kind: "missing", wanted: "1-1" },
      ],
      message: "the good day",
      targetAge: "old target: 23 d old; upstream has 41 newer packages",
      lastDeed: { what: "set-latest from atlas, target 7", who: "ann", atMs: NOW - 180 * MINUTE },
      fleet: { endpoints: 5, online: 4, counts },
      inbox: 2,
    });
    expect(shownTooltip.split("\n")).toEqual([
      "alpha in pool home: behind",
      "9 older, 1 missing, 4 held",
      "↓ linux 6.9.1-1 → 6.9.2-1",
      "− foo missing",
      "and 8 more",
      "target 7: the good day",
      "old target: 23 d old; upstream has 41 newer packages",
      "last: set-latest from atlas, target 7, by ann, 3 h ago",
      "pool home: 5 endpoints, 4 online: 2 behind, 3 in-sync",
      "inbox: 2 things wait for a person",
    ]);
  });

  it("says how true it is, and what would help", () => {
    const offline = lineOf({ offlineSinceMs: NOW - 5 * MINUTE, reportedAtMs: NOW - 6 * MINUTE }).tooltip;
    expect(offline).toContain("server not reachable for 5 min");
    expect(offline).toContain("stale: from 6 min ago");
    expect(lineOf({ isAgentStopped: true }).tooltip).toContain("systemctl start pacpool-agent");
    expect(lineOf({ asleepSinceMs: NOW - 7_200_000 }).tooltip).toContain("asleep: not connected for 2 h");
    expect(lineOf({ status: "syncing", percent: 43, step: "fetch" }).tooltip).toContain("fetch, 43%");
    expect(lineOf({ status: "blocked", reasons: ["the database is locked"] }).tooltip).toContain("is locked");
  });

  it("loses its last lines and not its first when there is too much", () => {
    const reasons = Array.from({ length: 50 }, () => "&".repeat(300));
    const { shownTooltip } = lineOf({ status: "blocked", reasons });
    expect(shownTooltip).toMatch(/^alpha in pool home: blocked\n&{199}…\n/);
    expect(shownTooltip).not.toContain("target 7");
  });
});

describe("a bar without facts", () => {
  it.each([
    ["setup", "? setup", "unknown"],
    ["server", "! server", "offline"],
    ["key", "! key", "error"],
    ["config", "! config", "error"],
  ] as const)("says what is wrong with %s, and never that all is well", (problem, text, alt) => {
    const line = readWaybarLine(barLine({ kind: "problem", problem, sentence: "do <this>" }, NOW));
    expect(line).toMatchObject({ shown: text, alt, percentage: 0 });
    expect(line.shownTooltip).toMatch(/^pacpool: .+\ndo <this>$/);
    expect(line.classes).toContain("unknown");
  });

  it("shows a person's mistake in front of what it knows", () => {
    const mistake = { kind: "problem", problem: "config", sentence: "line 3 is not TOML" } as const;
    const line = readWaybarLine(barLine({ kind: "endpoint", endpoint: calm }, NOW, {}, mistake));
    expect(line).toMatchObject({ shown: "! config ✓", alt: "error", classes: ["in-sync", "error"] });
    expect(line.shownTooltip).toMatch(/^pacpool: its configuration is wrong\nline 3 is not TOML\nalpha in pool home/);
  });
});

describe("a bar that hides while all is well", () => {
  const hidden = (some: Partial<StatusSummary>) =>
    readWaybarLine(barLine({ kind: "endpoint", endpoint: { ...calm, ...some } }, NOW, { isHiddenInSync: true })).text;

  it("has no text then", () => {
    expect(hidden({})).toBe("");
  });

  it.each([
    { status: "behind" },
    { rebootRequired: true },
    { offlineSinceMs: NOW },
    { reportedAtMs: 0 },
    { inbox: 1 },
    { targetIsOld: true },
    { isAgentStopped: true },
  ] as const)("has one when %j", (summary) => {
    expect(hidden(summary)).not.toBe("");
  });
});

describe("ages and texts", () => {
  it.each([
    [-5_000, "under a minute"],
    [59_999, "under a minute"],
    [60_000, "1 min"],
    [3_599_999, "59 min"],
    [3_600_000, "1 h"],
    [172_800_000, "2 d"],
    [Number.NaN, "3650 d"],
    [Number.POSITIVE_INFINITY, "3650 d"],
  ])("%i ms is %s", (age, text) => {
    expect(formatAge(NOW - age, NOW)).toBe(text);
  });

  it("cuts between characters, never inside one", () => {
    expect(shorten("a😀b😀", 3)).toBe("a😀…");
    expect(shorten("a😀b", 3)).toBe("a😀b");
    expect(shorten("界".repeat(9), 4)).toBe("界界界…");
  });

  it("turns what would turn the bar around into spaces", () => {
    expect(escapePango("a\u202eb\tc\u0000")).toBe("a b c ");
  });
});
