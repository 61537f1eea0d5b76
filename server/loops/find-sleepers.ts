// Notices endpoints whose stream ended without a word, for example because their server was killed.
import { type Rounds, runEvery } from "./run-every.ts";

/** An agent that missed this many heartbeats is asleep; its server ends the stream at the same time. */
const MISSED_HEARTBEATS = 4;

export interface SleeperOptions extends Pick<Rounds, "onError"> {
  readonly heartbeatMs: number;
  /** Marks those silent for so long; gives their number. */
  readonly findSleepers: (silentMs: number) => Promise<number>;
}

/** Looks once per heartbeat until disposed. */
export function watchForSleepers(options: SleeperOptions): AsyncDisposable {
  const { heartbeatMs, onError, findSleepers } = options;
  return runEvery({ everyMs: heartbeatMs, onError }, async () => {
    await findSleepers(heartbeatMs * MISSED_HEARTBEATS);
  });
}
