// Notices an agent that fell silent: TCP alone may take a quarter of an hour to do so.

/** Missed heartbeats until a stream counts as dead. */
const MISSED_HEARTBEATS = 3;

export interface Liveness extends Disposable {
  /** A message came. */
  readonly touch: () => void;
}

/** Calls `onSilence` once when nothing came for three heartbeats. */
export function watchLiveness(heartbeatMs: number, onSilence: () => void): Liveness {
  const timer = setTimeout(onSilence, heartbeatMs * MISSED_HEARTBEATS);
  return {
    touch: () => {
      timer.refresh();
    },
    [Symbol.dispose]: () => {
      clearTimeout(timer);
    },
  };
}
