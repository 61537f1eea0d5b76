// At which moment a summary is to be drawn, by two clocks: the wall clock may be set while a bar runs, and the steady one
// stands still while the machine sleeps. What is old by either is old; nothing becomes young again by a clock that goes back.
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import { STALE_AFTER_MS } from "../domain/status-line/line-content.ts";
import type { Clock } from "./pulse.ts";

/** Between two clock readings of one machine nothing of that size can happen by itself. */
const SLACK_MS = 2_000;

interface Seen {
  readonly reportedAtMs: number;
  /** How old it was when it was first seen. */
  readonly ageMs: number;
  readonly wallMs: number;
  readonly steadyMs: number;
}

export class DrawingTime {
  readonly #clock: Clock;
  #seen: Seen | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Unix milliseconds by the clock that the summary was reported with. */
  of(summary: BarSummary): number {
    const reportedAtMs = reportedAt(summary);
    const wallMs = this.#clock.wallMs();
    if (reportedAtMs === undefined) return wallMs;
    const steadyMs = this.#clock.steadyMs();
    if (this.#seen?.reportedAtMs !== reportedAtMs) {
      const ageMs = ageAtFirstSight(wallMs - reportedAtMs, this.#seen !== undefined);
      this.#seen = { reportedAtMs, ageMs, wallMs, steadyMs };
    }
    const elapsedMs = Math.max(0, wallMs - this.#seen.wallMs, steadyMs - this.#seen.steadyMs);
    return reportedAtMs + this.#seen.ageMs + elapsedMs;
  }
}

/** From the future at the first look: the clock was set back, and nobody knows how old it is. */
function ageAtFirstSight(ageMs: number, isRenewal: boolean): number {
  if (ageMs >= -SLACK_MS) return Math.max(0, ageMs);
  return isRenewal ? 0 : STALE_AFTER_MS;
}

function reportedAt(summary: BarSummary): number | undefined {
  switch (summary.kind) {
    case "endpoint":
      return summary.endpoint.reportedAtMs;
    case "pools":
      return summary.pools.reportedAtMs;
    case "problem":
      return undefined;
  }
}
