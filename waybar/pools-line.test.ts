import fc from "fast-check";
import { expect, test } from "vitest";
import { SYNC_STATUSES, type SyncStatus } from "../domain/drift/sync-status.ts";
import type { PoolSummary } from "../domain/status-line/bar-summary.ts";
import { poolsLine } from "./pools-line.ts";

const none = Object.fromEntries(SYNC_STATUSES.map((status) => [status, 0])) as Record<SyncStatus, number>;

function pool(name: string, counts: Partial<Record<SyncStatus, number>>): PoolSummary {
  const all = { ...none, ...counts };
  const endpoints = Object.values(all).reduce((sum, one) => sum + one, 0);
  return { name, counts: all, endpoints, online: endpoints, targetRevision: 3, message: "tested" };
}

interface Line {
  readonly text: string;
  readonly alt: string;
  readonly class: readonly string[];
  readonly percentage: number;
  readonly tooltip: string;
}

function draw(pools: readonly PoolSummary[], offlineSinceMs?: number): Line {
  return JSON.parse(poolsLine({ pools, offlineSinceMs, reportedAtMs: 600_000 }, 600_000)) as Line;
}

test("the worst status of all pools gives the line its text and class", () => {
  const line = draw([pool("main", { "in-sync": 8, behind: 2 }), pool("lab", { degraded: 1, "in-sync": 1 })]);
  expect(line).toMatchObject({ text: "1/12 degraded", alt: "degraded", class: ["degraded"], percentage: 75 });
  expect(line.tooltip.split("\n")).toHaveLength(2);
});

test("an old target is said behind its pool", () => {
  const line = draw([{ ...pool("main", { "in-sync": 1 }), hint: "old target" }]);
  expect(line.tooltip).toContain("target 3: tested (old target)");
});

test("pools without endpoints still have a text, so that the module does not vanish", () => {
  expect(draw([pool("main", {})]).text).toBe("no endpoints");
});

test("a lost server keeps the last status as class and says how old it is", () => {
  const line = draw([pool("main", { "in-sync": 2 })], 300_000);
  expect(line).toMatchObject({ alt: "offline", class: ["in-sync", "offline"] });
  expect(line.tooltip).toContain("5 min");
});

test("whatever the names are, the line is one line of JSON without markup of theirs", () => {
  const wild = fc.array(fc.record({ name: fc.string({ unit: "binary" }), message: fc.string({ unit: "binary" }) }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(wild, (names) => {
      const text = poolsLine(
        {
          pools: names.map((one) => ({ ...pool(one.name, { behind: 1 }), ...one })),
          offlineSinceMs: undefined,
          reportedAtMs: 0,
        },
        0,
      );
      expect(text).not.toContain("\n");
      const line = JSON.parse(text) as Line;
      expect(line.tooltip).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|#39|apos);)/);
      expect(line.tooltip.isWellFormed()).toBe(true);
    }),
  );
});
