import { expect, test } from "vitest";
import { NO_DRIFT } from "../domain/drift/drift.ts";
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import { barLine } from "../domain/status-line/status-line.ts";
import { DrawingTime } from "./drawing-time.ts";

const START = 1_800_000_000_000;
const HOUR = 3_600_000;

function reported(reportedAtMs: number): BarSummary {
  const counts = { ...NO_DRIFT };
  return {
    kind: "endpoint",
    endpoint: { endpoint: "a", pool: "p", status: "in-sync", counts, targetRevision: 1, reasons: [], reportedAtMs },
  };
}

/** A bar on clocks that a test moves. */
function bar() {
  const clock = { wall: START, steady: 1_000 };
  const time = new DrawingTime({ wallMs: () => clock.wall, steadyMs: () => clock.steady });
  const altOf = (summary: BarSummary) => (JSON.parse(barLine(summary, time.of(summary))) as { alt: string }).alt;
  const pass = (ms: number): void => {
    clock.wall += ms;
    clock.steady += ms;
  };
  return { clock, altOf, pass };
}

test("what was said before the clock went back stays stale once it is old", () => {
  const { clock, altOf, pass } = bar();
  expect(altOf(reported(START))).toBe("in-sync");
  clock.wall -= HOUR;
  expect(altOf(reported(START))).toBe("in-sync");
  pass(120_000);
  expect(altOf(reported(START))).toBe("stale");
});

test("what comes from the future at the first look is not believed, and its renewal is", () => {
  const { altOf } = bar();
  expect(altOf(reported(START + HOUR))).toBe("stale");
  expect(altOf(reported(START + HOUR + 60_000))).toBe("in-sync");
});

test("what was said before the machine slept, or before the clock went on, is stale until it is said again", () => {
  const { clock, altOf } = bar();
  expect(altOf(reported(START))).toBe("in-sync");
  clock.wall += HOUR;
  expect(altOf(reported(START))).toBe("stale");
  expect(altOf(reported(START + HOUR))).toBe("in-sync");
});

test("what is old already at the first look is", () => {
  expect(bar().altOf(reported(START - HOUR))).toBe("stale");
});
