// Where lines go: one JSON object per line, flushed, nothing twice, and an end as soon as nobody reads any more.
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import type { Pulse } from "./pulse.ts";

/** Prints lines until its reader is gone. `closed` aborts then. */
export interface LineOutput {
  readonly closed: AbortSignal;
  /** Prints a line unless it is the one that stands there already. */
  readonly print: (line: string) => void;
}

/** The part of process.stdout that is needed. */
export interface LineStream {
  write(text: string): boolean;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
}

/** What tells that the bar is gone without writing to it. */
export interface Surroundings {
  readonly parentId: () => number;
  readonly hasReader: () => boolean;
}

export const PROCESS_SURROUNDINGS: Surroundings = { parentId: () => process.ppid, hasReader: stdoutHasReader };

/** A killed bar leaves its modules behind as orphans; one that only closed its end is noticed at the next beat, too. */
export function openLineOutput(
  stream: LineStream,
  surroundings: Surroundings,
  pulse: Pulse,
  signal: AbortSignal,
): LineOutput {
  const gone = new AbortController();
  const closed = AbortSignal.any([gone.signal, signal]);
  let last: string | undefined;
  const broken = (): void => {
    gone.abort();
  };
  stream.on("error", broken);
  closed.addEventListener("abort", () => stream.off("error", broken));
  const parent = surroundings.parentId();
  pulse.follow(() => {
    if (surroundings.parentId() !== parent || !surroundings.hasReader()) gone.abort();
  }, closed);
  return {
    closed,
    print(line) {
      if (line === last || closed.aborted) return;
      last = line;
      stream.write(`${line}\n`);
    },
  };
}

/** Opening a pipe for writing without waiting fails with ENXIO when nobody has its other end; a socket always does. */
function stdoutHasReader(): boolean {
  try {
    if (!fstatSync(1).isFIFO()) return true;
    closeSync(openSync("/proc/self/fd/1", constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ENXIO");
  }
}
