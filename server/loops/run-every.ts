// Runs something again and again, never twice at once, until disposed. A failure is told and the next round tries again.
import { setTimeout as sleep } from "node:timers/promises";

export interface Rounds {
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** The first round starts at once. Disposal waits for the round under way. */
export function runEvery(rounds: Rounds, work: () => Promise<void>): AsyncDisposable {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await work().catch(rounds.onError);
      await sleep(rounds.everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
