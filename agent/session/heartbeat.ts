// The only timer of an idle stream. Every message counts as a heartbeat, so the timer waits from the last one on.

export interface HeartbeatOptions {
  readonly intervalMs: number;
  readonly lastSentMs: () => number;
  readonly now: () => number;
  /** Sends one. */
  readonly beat: () => void;
  /** Every interval, whether a heartbeat was due or not. */
  readonly tick: () => void;
}

/** A server that asks for more than one a second would keep machines awake. */
const MIN_INTERVAL_MS = 1_000;

/** Answers how to stop it. */
export function startHeartbeat(options: HeartbeatOptions): () => void {
  const intervalMs = Math.max(MIN_INTERVAL_MS, options.intervalMs);
  const { now, lastSentMs } = options;
  const wake = (): void => {
    options.tick();
    const isDue = now() - lastSentMs() >= intervalMs;
    if (isDue) {
      options.beat();
    }
    const waitMs = isDue ? intervalMs : lastSentMs() + intervalMs - now();
    // A clock that was set back must not stretch the pause.
    timer = setTimeout(wake, Math.min(intervalMs, Math.max(100, waitMs)));
  };
  let timer = setTimeout(wake, intervalMs);
  return () => {
    clearTimeout(timer);
  };
}
