// Waits for a state of the machine, not for a time.
import { setTimeout as delay } from "node:timers/promises";
import { EXIT } from "../exit-code.ts";
import { VerbFailure } from "../usage-error.ts";
import type { Started } from "./start-process.ts";

const POLL_MS = 100;

export interface UntilOptions {
  /** What is awaited, as in "the server is ready". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Ends the wait when it ended. */
  readonly started?: Started | undefined;
}

/** The first result that is not undefined. Throws VerbFailure with the end of the log. */
export async function until<Result>(options: UntilOptions, look: () => Promise<Result | undefined>): Promise<Result> {
  const { what, timeoutMs, signal, started } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    const code = started?.ended();
    const isLate = Date.now() > deadline;
    if (code !== undefined || isLate) {
      const why =
        code === undefined
          ? `waited ${String(timeoutMs / 1_000)} s in vain until ${what}`
          : `the ${started?.name ?? "process"} ended with ${String(code)} before ${what}`;
      const words = started?.words().trim() ?? "";
      throw new VerbFailure(EXIT.failed, words === "" ? why : `${why}; its last words:\n${words}`, {
        advice: started === undefined ? "See `pacpool doctor`." : `Its log: ${started.log}`,
      });
    }
    await delay(POLL_MS, undefined, { signal });
  }
}
