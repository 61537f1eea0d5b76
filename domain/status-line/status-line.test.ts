import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_DRIFT } from "../drift/drift.ts";
import { SYNC_STATUSES } from "../drift/sync-status.ts";
import { formatAge } from "./age.ts";
import { escapePango, shorten } from "./pango.ts";
import { STALE_AFTER_MS, statusLine, unknownStatusLine } from "./status-line.ts";
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

interface Line {
  readonly text: string;
  readonly alt: string;
  readonly class: readonly string[];
  readonly percentage: number;
  readonly tooltip: string;
}

const lineOf = (some: Partial<StatusSummary>): Line => JSON.parse(statusLine({ ...calm, ...some }, NOW)) as Line;

describe("the status line", () => {
  it("says how far an endpoint is from its target", () => {
    const counts = { ...NO_DRIFT, older: 2, missing: 1, newer: 4, held: 5 };
    expect(lineOf({ status: "diverged", counts })).toEqual({
      text: "↓3 ↑4",
      alt: "diverged",
      class: ["diverged"],
      percentage: 0,
      tooltip: "alpha in pool home: diverged\n2 older, 4 newer, 1 missing, 5 held\ntarget 7",
    });
  });

  it("says beside an unchanged status that the target is old, and what upstream has beyond it", () => {
    const line = lineOf({ targetIsOld: true, targetAge: "old target: 23 d old; upstream has 41 newer packages" });
    expect(line).toMatchObject({ text: "in sync", alt: "in-sync", class: ["in-sync", "old-target"] });
    expect(line.tooltip).toContain("target 7\nold target: 23 d old; upstream has 41 newer packages");
  });

  it("shows progress as a whole number, and the step in the tooltip", () => {
    const line = lineOf({ status: "syncing", percent: 41.7, step: "fetching files" });
    expect(line).toMatchObject({ text: "41%", alt: "syncing", percentage: 41 });
    expect(line.tooltip).toContain("fetching files, 41%");
  });

  it("is offline with the age of what it shows, and keeps the last status as a class", () => {
    const line = lineOf({
      status: "behind",
      counts: { ...NO_DRIFT, older: 1 },
      offlineSinceMs: NOW - 5 * MINUTE,
      reportedAtMs: NOW - 6 * MINUTE,
    });
    expect(line).toMatchObject({ text: "↓1", alt: "offline", class: ["behind", "offline", "stale"] });
    expect(line.tooltip).toContain("server not reachable for 5 min");
    expect(line.tooltip).toContain("stale: from 6 min ago");
  });

  it("is stale from the moment on at which nobody vouches for it any more, also in the middle of a sync", () => {
    expect(lineOf({ reportedAtMs: NOW - STALE_AFTER_MS + 1 }).alt).toBe("in-sync");
    expect(lineOf({ reportedAtMs: NOW - STALE_AFTER_MS }).alt).toBe("stale");
    expect(lineOf({ status: "syncing", reportedAtMs: NOW - STALE_AFTER_MS }).alt).toBe("stale");
  });

  it("asks for a reboot only when nothing else needs a hand", () => {
    expect(lineOf({ rebootRequired: true })).toMatchObject({
      text: "reboot",
      alt: "reboot-required",
      class: ["in-sync", "reboot-required"],
    });
    expect(lineOf({ rebootRequired: true, status: "degraded" })).toMatchObject({ text: "degraded", alt: "degraded" });
  });

  it.each(SYNC_STATUSES)("is never empty: %s", (status) => {
    expect(lineOf({ status }).text).not.toBe("");
    expect(lineOf({ status }).alt).toBe(status);
  });

  it("is one line of well-formed JSON under 4 KiB, safe for Pango, whatever names and messages hold", () => {
    const wild = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ maxLength: 3_000 }),
      fc.constantFrom("<b>&amp;\n\"'", "\ud800", "x".repeat(9_000), "界".repeat(4_000)),
    );
    fc.assert(
      fc.property(
        wild,
        wild,
        fc.array(wild, { maxLength: 20 }),
        fc.constantFrom(...SYNC_STATUSES),
        (name, message, reasons, status) => {
          const text = statusLine(
            { ...calm, endpoint: name, pool: name, message, reasons, step: message, status },
            NOW,
          );
          expect(text).not.toMatch(/[\n\r]/);
          expect(new TextEncoder().encode(text).length).toBeLessThan(4_096);
          const line = JSON.parse(text) as Line;
          expect(line.tooltip.isWellFormed()).toBe(true);
          for (const shown of [line.text, line.tooltip]) {
            expect(shown).not.toMatch(/[<>'"]|&(?!(?:amp|lt|gt|quot|#39);)/);
          }
          expect(line.tooltip).not.toBe("");
          expect(Number.isInteger(line.percentage)).toBe(true);
        },
      ),
    );
  });

  it("stands in the bar when nothing is known, and says what to do", () => {
    expect(JSON.parse(unknownStatusLine("no agent at <socket>; start it"))).toEqual({
      text: "?",
      alt: "unknown",
      class: ["unknown"],
      percentage: 0,
      tooltip: "no agent at &lt;socket&gt;; start it",
    });
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
  ])("%i ms is %s", (age, text) => {
    expect(formatAge(NOW - age, NOW)).toBe(text);
  });

  it("cuts between characters, never inside one", () => {
    expect(shorten("a😀b😀", 3)).toBe("a😀…");
    expect(shorten("a😀b", 3)).toBe("a😀b");
  });

  it("turns what would turn the bar around into spaces", () => {
    expect(escapePango("a\u202eb\tc\u0000")).toBe("a b c ");
  });
});
