// Where lines go: one JSON object per line, flushed, nothing twice, and an end as soon as nobody reads any more.

/** Prints lines until its reader is gone. `closed` aborts then. */
export interface LineOutput {
  readonly closed: AbortSignal;
  /** Prints a line unless it is the one that stands there already. */
  print(line: string): void;
}

/** How often to look whether the bar still lives. A killed bar leaves its modules behind as orphans. */
const PARENT_CHECK_MS = 5_000;

/** The part of process.stdout that is needed. */
export interface LineStream {
  write(text: string): boolean;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Watches the stream and, by `parentId`, the process that started us. */
export function openLineOutput(stream: LineStream, parentId: () => number, signal: AbortSignal): LineOutput {
  const gone = new AbortController();
  let last = "";
  stream.on("error", () => {
    gone.abort();
  });
  const parent = parentId();
  const timer = setInterval(() => {
    if (parentId() !== parent) gone.abort();
  }, PARENT_CHECK_MS);
  // The check alone must not keep the process alive.
  timer.unref();
  const closed = AbortSignal.any([gone.signal, signal]);
  closed.addEventListener("abort", () => {
    clearInterval(timer);
  });
  return {
    closed,
    print(line) {
      if (line === last || closed.aborted) return;
      last = line;
      stream.write(`${line}\n`);
    },
  };
}
