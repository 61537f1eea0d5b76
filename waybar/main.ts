// `pacpool waybar`: one JSON line per change, flushed. Never ends because of the server or the agent; ends when its
// reader is gone. Decides only when to print what is known.
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import { statusLine, unknownStatusLine } from "../domain/status-line/status-line.ts";
import { type FollowOptions, followSummary } from "./follow-summary.ts";
import { type LineStream, openLineOutput } from "./output.ts";
import { poolsLine } from "./pools-line.ts";
import { openPulse } from "./pulse.ts";

export interface WaybarOptions extends Omit<FollowOptions, "pulse"> {
  readonly once: boolean;
  readonly stdout: LineStream;
}

/** How long `--once` waits; the bar waits with it. */
const ONCE_TIMEOUT_MS = 5_000;

/** Runs to the end; rejects only for a defect. */
export async function runWaybar(options: WaybarOptions): Promise<void> {
  using pulse = openPulse();
  const output = openLineOutput(options.stdout, () => process.ppid, options.signal);
  const signal = options.once ? AbortSignal.any([output.closed, AbortSignal.timeout(ONCE_TIMEOUT_MS)]) : output.closed;
  let last: BarSummary | undefined;
  const draw = (): void => {
    if (last !== undefined) output.print(lineOf(last, Date.now()));
  };
  if (!options.once) pulse.follow(draw, signal);
  for await (const summary of followSummary({ ...options, pulse, signal })) {
    last = summary;
    draw();
    if (options.once) return;
  }
  if (options.once && last === undefined) {
    output.print(unknownStatusLine(`the server did not answer within ${String(ONCE_TIMEOUT_MS / 1_000)} s`));
  }
}

function lineOf(summary: BarSummary, nowMs: number): string {
  switch (summary.kind) {
    case "endpoint":
      return statusLine(summary.endpoint, nowMs);
    case "pools":
      return poolsLine(summary.pools, nowMs);
    case "problem":
      return unknownStatusLine(summary.sentence);
  }
}
