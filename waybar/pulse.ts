// The one timer of a bar's module: everything that has to be looked at now and then is looked at in the same wake-up.

/** Often enough to notice a dead bar and a machine that was asleep, rare enough to cost nothing. */
export const BEAT_MS = 15_000;

/** A wall clock that moved so much more or less than the steady one was set, or the machine slept. */
const JUMP_MS = 5_000;

export interface Beat {
  /** The clock was set, or the machine slept since the last beat. */
  readonly hasJumped: boolean;
}

export interface Pulse extends Disposable {
  /** Calls back at every beat until the signal aborts. */
  readonly follow: (listener: (beat: Beat) => void, signal: AbortSignal) => void;
}

export interface Clock {
  /** Unix milliseconds; may jump. */
  readonly wallMs: () => number;
  /** Never goes back; stands still while the machine sleeps. */
  readonly steadyMs: () => number;
}

/** `performance` would be loaded for it: a bar starts in a few milliseconds. */
function steadyMs(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1_000 + nanos / 1_000_000;
}

export const SYSTEM_CLOCK: Clock = { wallMs: () => Date.now(), steadyMs };

/** Keeps the process alive until disposed. */
export function openPulse(clock: Clock = SYSTEM_CLOCK, intervalMs = BEAT_MS): Pulse {
  const listeners = new Set<(beat: Beat) => void>();
  let lastMs = clock.wallMs() - clock.steadyMs();
  const timer = setInterval(() => {
    const offsetMs = clock.wallMs() - clock.steadyMs();
    const hasJumped = Math.abs(offsetMs - lastMs) > JUMP_MS;
    lastMs = offsetMs;
    for (const listener of listeners) listener({ hasJumped });
  }, intervalMs);
  return {
    follow(listener, signal) {
      if (signal.aborted) return;
      listeners.add(listener);
      signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      listeners.clear();
    },
  };
}
