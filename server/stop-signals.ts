// SIGTERM and SIGINT as one AbortSignal; a second one ends the process at once.

/** 128 + SIGTERM, what a shell shows for a process that was forced. */
const FORCED_EXIT_CODE = 143;

export interface StopSignals extends Disposable {
  readonly signal: AbortSignal;
}

export function listenForStop(): StopSignals {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      process.exit(FORCED_EXIT_CODE);
    }
    controller.abort(name);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      process.off("SIGTERM", stop).off("SIGINT", stop);
    },
  };
}
