// Progress on the wire: the newest only, at most once a second. Must not know what an operation is.

export interface ProgressSender {
  /** Remembers the newest and sends it when a second has passed since the last one. */
  readonly offer: (send: () => void) => void;
  /** Says nothing for that long. */
  readonly holdFor: (ms: number) => void;
  readonly close: () => void;
}

const INTERVAL_MS = 1_000;

export function makeProgressSender(now: () => number): ProgressSender {
  let freeAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let newest: (() => void) | undefined;
  const flush = (): void => {
    timer = undefined;
    const send = newest;
    newest = undefined;
    freeAtMs = now() + INTERVAL_MS;
    send?.();
  };
  return {
    offer: (send) => {
      newest = send;
      timer ??= setTimeout(flush, Math.max(0, freeAtMs - now()));
    },
    holdFor: (ms) => {
      freeAtMs = now() + ms;
    },
    close: () => {
      clearTimeout(timer);
      timer = undefined;
      newest = undefined;
    },
  };
}
