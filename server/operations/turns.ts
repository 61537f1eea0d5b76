// Long work on the event loop, in slices: everybody else gets a turn between two of them.
import { setImmediate } from "node:timers/promises";
import type { Steps } from "../../domain/steps.ts";

export interface Turns {
  /** Undefined while the slice has time left; otherwise resolves when it is our turn again. */
  readonly pause: () => Promise<void> | undefined;
  /** To the end, with a look at the clock after each step. */
  readonly run: <Result>(steps: Steps<Result>) => Promise<Result>;
}

/** Short beside a call's budget of 200 ms, long beside what a turn costs. */
const SLICE_MS = 10;

export function makeTurns(sliceMs = SLICE_MS): Turns {
  let endsMs = performance.now() + sliceMs;
  const pause = (): Promise<void> | undefined => {
    if (performance.now() < endsMs) return undefined;
    return setImmediate().then(() => {
      endsMs = performance.now() + sliceMs;
    });
  };
  return {
    pause,
    async run(steps) {
      for (;;) {
        const { done, value } = steps.next();
        if (done === true) return value;
        const paused = pause();
        if (paused !== undefined) await paused;
      }
    },
  };
}
