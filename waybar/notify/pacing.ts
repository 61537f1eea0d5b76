// How often a person may be interrupted, and what of several notices is still true. Pure: the clock is passed in.
import type { Notice, NoticeKind } from "./notices.ts";

/** What comes within this time is told together. */
export const SETTLE_MS = 800;
/** Between two interruptions; what comes meanwhile waits, and the newest of each kind is told. */
export const GAP_MS = 3_000;
/** A machine that flaps must not own the desktop: so many interruptions in so long, then one per window's end. */
export const BURST = 6;
export const BURST_WINDOW_MS = 10 * 60_000;

/** When something may be shown, Unix milliseconds. `shownAtMs` are the earlier moments, oldest first. */
export function dueAtMs(firstWaitingMs: number, shownAtMs: readonly number[]): number {
  const last = shownAtMs.at(-1);
  const tooMany = shownAtMs.at(-BURST);
  return Math.max(
    firstWaitingMs + SETTLE_MS,
    last === undefined ? 0 : last + GAP_MS,
    tooMany === undefined ? 0 : tooMany + BURST_WINDOW_MS,
  );
}

/** What a newer notice about the same makes untrue. */
const ENDED_BY: Readonly<Record<NoticeKind, readonly NoticeKind[]>> = {
  target: ["done"],
  sync: ["done"],
  done: ["sync", "target", "failed", "approval"],
  failed: ["done", "approval"],
  approval: ["done", "sync"],
  reboot: [],
};

/** Those that still hold, worst and newest first. */
export function merged(before: readonly Notice[], news: readonly Notice[]): readonly Notice[] {
  let all = before;
  for (const notice of news) {
    const ended = ENDED_BY[notice.kind];
    const isOver = ({ kind, about }: Notice): boolean =>
      about === notice.about && (kind === notice.kind || ended.includes(kind));
    all = [notice, ...all.filter((one) => !isOver(one))];
  }
  return all.toSorted((a, b) => WORST_FIRST.indexOf(a.kind) - WORST_FIRST.indexOf(b.kind)).slice(0, MAX_TOGETHER);
}

const WORST_FIRST: readonly NoticeKind[] = ["failed", "approval", "reboot", "sync", "target", "done"];
/** What a daemon shows of one notification without cutting it. */
const MAX_TOGETHER = 6;
