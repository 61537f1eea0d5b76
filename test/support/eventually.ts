// Waits for a state instead of for a time.
import { setTimeout as sleep } from "node:timers/promises";

/** Polls until `look` answers something; throws with `what` and its last failure after the time is over. */
export async function eventually<Value>(
  what: string,
  look: () => Promise<Value | undefined> | Value | undefined,
  timeoutMs = 10_000,
): Promise<Value> {
  const endMs = performance.now() + timeoutMs;
  let failure: unknown;
  for (;;) {
    try {
      const value = await look();
      if (value !== undefined && value !== false) {
        return value;
      }
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > endMs) {
      throw new Error(`waited ${String(timeoutMs)} ms for ${what}`, { cause: failure });
    }
    await sleep(20);
  }
}
