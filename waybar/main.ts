// `pacpool waybar`: one JSON line per change, flushed. Never ends because of the server or the agent; ends when its
// reader is gone. Decides only when to print what is known.
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import { barLine, type LineFormat } from "../domain/status-line/status-line.ts";
import { DrawingTime } from "./drawing-time.ts";
import { type FollowOptions, followSummary } from "./follow-summary.ts";
import { type LineStream, openLineOutput, PROCESS_SURROUNDINGS } from "./output.ts";
import { openPulse, SYSTEM_CLOCK } from "./pulse.ts";

export interface WaybarOptions extends Omit<FollowOptions, "pulse"> {
  readonly once: boolean;
  readonly format: LineFormat;
  /** A mistake in the person's configuration, said in front of everything else; undefined when there is none. */
  readonly mistake: Extract<BarSummary, { kind: "problem" }> | undefined;
  readonly stdout: LineStream;
}

/** How long `--once` waits; the bar waits with it. */
const ONCE_TIMEOUT_MS = 5_000;

/** Runs to the end; rejects only for a defect. */
export async function runWaybar(options: WaybarOptions): Promise<void> {
  const { once, format, mistake, stdout } = options;
  using pulse = openPulse();
  const output = openLineOutput(stdout, PROCESS_SURROUNDINGS, pulse, options.signal);
  const signal = once ? AbortSignal.any([output.closed, AbortSignal.timeout(ONCE_TIMEOUT_MS)]) : output.closed;
  const time = new DrawingTime(SYSTEM_CLOCK);
  let last: BarSummary | undefined;
  const draw = (summary: BarSummary): void => {
    last = summary;
    output.print(barLine(summary, time.of(summary), format, mistake));
  };
  // Ages grow without anyone saying anything.
  if (!once) {
    pulse.follow(() => {
      if (last !== undefined) draw(last);
    }, signal);
  }
  for await (const summary of followSummary({ ...options, pulse, signal })) {
    draw(summary);
    if (once) return;
  }
  if (once && last === undefined) {
    const sentence = `the server did not answer within ${String(ONCE_TIMEOUT_MS / 1_000)} s`;
    draw({ kind: "problem", problem: "server", sentence });
  }
}
