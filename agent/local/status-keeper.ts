// Keeps the status files right: writes them when something changed, and often enough that they never look stale while the
// agent lives. Writes are coalesced; at most one is under way.
import type { Logger } from "pino";
import type { StatusSummary } from "../../domain/status-line/status-summary.ts";
import { REFRESH_MS, retireStatusFile, writeStatusFiles } from "./status-file.ts";

export interface StatusKeeperOptions {
  readonly runDir: string;
  readonly summarize: () => Promise<StatusSummary>;
  readonly now: () => number;
  readonly log: Logger;
}

export interface StatusKeeper extends AsyncDisposable {
  /** Something may have changed. */
  readonly touch: () => void;
}

/** A burst of changes is one write. */
const COALESCE_MS = 50;

export function openStatusKeeper(options: StatusKeeperOptions): StatusKeeper {
  const { runDir, summarize, now, log } = options;
  let timer: NodeJS.Timeout | undefined;
  let dueAtMs = Infinity;
  let writing: Promise<void> = Promise.resolve();
  let isClosed = false;
  let hasComplained = false;

  const schedule = (waitMs: number): void => {
    if (isClosed || now() + waitMs >= dueAtMs) {
      return;
    }
    clearTimeout(timer);
    dueAtMs = now() + waitMs;
    timer = setTimeout(write, waitMs);
  };
  const write = (): void => {
    dueAtMs = Infinity;
    writing = writing
      .then(async () => writeStatusFiles(runDir, await summarize(), now()))
      .then(
        () => {
          hasComplained = false;
        },
        (error: unknown) => {
          if (!hasComplained) {
            hasComplained = true;
            log.warn({ err: error }, "the status file could not be written");
          }
        },
      );
    schedule(REFRESH_MS);
  };
  schedule(0);
  return {
    touch: () => {
      schedule(COALESCE_MS);
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      clearTimeout(timer);
      await writing;
      await retireStatusFile(runDir, await summarize(), now()).catch(() => undefined);
    },
  };
}
