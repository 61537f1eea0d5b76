// Restarts the machine inside its window when a finished operation asks for it and owner and pool both allow it. Must not know
// how a machine is restarted: the command is given.
import type { Logger } from "pino";
import { areOpen, type Consent } from "../../domain/consent/consent.ts";
import type { WallClock } from "../../domain/consent/window.ts";
import type { OrderBook } from "./order-book.ts";

export interface RebootOptions {
  readonly consent: () => Consent;
  readonly book: () => OrderBook;
  readonly isRebootRequired: () => boolean;
  /** Somebody's pacman holds the lock: restarting under it leaves torn entries. */
  readonly isPacmanAtWork: () => Promise<boolean>;
  /** Unix ms of the machine's start; what finished before it was in that start already. */
  readonly bootedAtMs: number;
  readonly restart: () => Promise<void>;
  readonly now: () => number;
  readonly wallClock: (ms: number) => WallClock;
  readonly log: Logger;
}

/** Results that the server does not take are not waited for longer. */
const RESULT_LIMIT_MS = 5 * 60_000;

/** Call it now and then and after every operation; resolves to whether the machine restarts. Asks for it once. */
export function makeRebooter(options: RebootOptions): () => Promise<boolean> {
  let hasAsked = false;
  return async () => {
    if (hasAsked || !mayRestart(options) || (await options.isPacmanAtWork())) return false;
    // It was asked twice while the lock was looked at.
    if (hasAsked) return false;
    hasAsked = true;
    options.log.warn("restarting the machine in its window: what runs is not what is installed any more");
    await options.restart();
    return true;
  };
}

function mayRestart({ consent, book, isRebootRequired, bootedAtMs, now, wallClock }: RebootOptions): boolean {
  const { reboot, windows } = consent();
  const nowMs = now();
  if (reboot !== "window" || windows.length === 0 || !areOpen(windows, wallClock(nowMs))) return false;
  const { orders, results, last } = book();
  // Only after a deed of ours, proven: a machine in trouble is left as it is for a person.
  if (last?.state !== "succeeded" || last.finishedAtMs < bootedAtMs || orders.length > 0) return false;
  const isTold = results.length === 0 || nowMs - last.finishedAtMs > RESULT_LIMIT_MS;
  return isTold && isRebootRequired();
}
