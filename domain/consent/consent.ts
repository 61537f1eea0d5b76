// What a machine's owner and its pool allow, and whether an operation may begin now. The stricter of the two wins, always.
// docs/spec/consent.md.
import type { PoolConsent } from "../policy/policy.ts";
import {
  isOpen,
  minutesSinceClosed,
  minutesUntilOpen,
  parseWindow,
  type TimeWindow,
  type WallClock,
} from "./window.ts";

/** From the strictest on. `ask`: a person starts every operation. `window` and later may begin without one. */
export const APPLY = ["never", "ask", "window", "shutdown", "auto"] as const;
export type Apply = (typeof APPLY)[number];

/** From the strictest on. */
export const REBOOT = ["never", "ask", "window"] as const;
export type Reboot = (typeof REBOOT)[number];

/** What becomes of an operation whose window passed while the machine slept; from the most patient on. */
export const MISSED_WINDOW = ["next", "shutdown", "boot", "now"] as const;
export type MissedWindow = (typeof MISSED_WINDOW)[number];

export interface Consent {
  readonly apply: Apply;
  readonly reboot: Reboot;
  readonly missedWindow: MissedWindow;
  /** A window of each list must be open: the owner's, and the pool's. Empty when nobody names any. */
  readonly windows: readonly (readonly TimeWindow[])[];
}

export interface OwnConsent {
  readonly apply: Apply;
  readonly reboot: Reboot;
  readonly missedWindow: MissedWindow;
  readonly windows: readonly TimeWindow[];
}

/** What of the pool's words cannot be read counts as not said: the owner's own stand. */
export function joinConsent(own: OwnConsent, pool: PoolConsent): Consent {
  const poolWindows = pool.windows.flatMap((text) => parseWindow(text) ?? []);
  return {
    apply: stricter(APPLY, own.apply, pool.apply),
    reboot: stricter(REBOOT, own.reboot, pool.reboot),
    missedWindow: stricter(MISSED_WINDOW, own.missedWindow, pool.missedWindow),
    windows: [own.windows, poolWindows].filter((list) => list.length > 0),
  };
}

function stricter<Word extends string>(order: readonly Word[], own: Word, other: string): Word {
  const at = order.findIndex((word) => word === other);
  return at === -1 ? own : (order[Math.min(at, order.indexOf(own))] ?? own);
}

export interface Moment {
  readonly clock: WallClock;
  /** Since the operation was last looked at; grows while the machine sleeps. */
  readonly minutesSinceLook: number;
  /** The machine was started since the operation came. */
  readonly hasBooted: boolean;
  /** The machine is going down. */
  readonly isShuttingDown: boolean;
}

/** `minutes`: when to look again at the latest; undefined when nothing but an event helps. */
export type Verdict =
  | { readonly kind: "go" }
  | { readonly kind: "wait"; readonly why: string; readonly minutes: number | undefined };

/** Whether an operation may begin. `never` is refused when the order comes and is not asked about here. */
export function mayBegin(consent: Consent, moment: Moment): Verdict {
  if (consent.apply === "shutdown") return atShutdown(moment, "apply = shutdown");
  if (consent.apply !== "window") return { kind: "go" };
  if (consent.windows.length === 0) {
    return wait("apply = window, and neither agent.toml nor the pool names windows", undefined);
  }
  if (areOpen(consent.windows, moment.clock)) return { kind: "go" };
  const isMissed = consent.windows.flat().some((one) => {
    const closed = minutesSinceClosed(one, moment.clock);
    return closed > 0 && moment.minutesSinceLook >= closed;
  });
  const next = untilOpen(consent.windows, moment.clock);
  const patient = wait(`waits for its window (${namesOf(consent.windows)})`, next);
  if (!isMissed) return patient;
  switch (consent.missedWindow) {
    case "now":
      return { kind: "go" };
    case "boot":
      return moment.hasBooted ? { kind: "go" } : wait("its window was missed: waits for the next start", undefined);
    case "shutdown":
      return atShutdown(moment, "its window was missed");
    case "next":
      return patient;
  }
}

/** Every list has an open window. */
export function areOpen(windows: Consent["windows"], clock: WallClock): boolean {
  return windows.every((list) => list.some((one) => isOpen(one, clock)));
}

/** Minutes until the later of the lists opens: the earliest moment at which all may be. */
function untilOpen(windows: Consent["windows"], clock: WallClock): number {
  return Math.max(...windows.map((list) => Math.min(...list.map((one) => minutesUntilOpen(one, clock)))));
}

function namesOf(windows: Consent["windows"]): string {
  return windows.map((list) => list.map(({ text }) => text).join(", ")).join(" and of the pool ");
}

function atShutdown({ isShuttingDown }: Moment, why: string): Verdict {
  return isShuttingDown ? { kind: "go" } : wait(`${why}: waits until the machine shuts down`, undefined);
}

function wait(why: string, minutes: number | undefined): Verdict {
  return { kind: "wait", why, minutes };
}
