// What is still under way when the database closes. A call that is cut by the close would neither end nor fail, and whoever
// waits for it would wait for ever: so the close waits, for a bounded time, and what comes after it is refused.
import { Refusal } from "../../domain/refusal.ts";

/** Longer than any transaction of ours; a statement ends at 30 seconds by itself. */
const END_MS = 10_000;

export class OpenCalls {
  readonly #open = new Set<Promise<unknown>>();
  #isEnded = false;

  /** Throws Refusal DATABASE_UNAVAILABLE after the end. */
  async add<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#isEnded) throw new Refusal("DATABASE_UNAVAILABLE");
    const running = call();
    this.#open.add(running);
    try {
      return await running;
    } finally {
      this.#open.delete(running);
    }
  }

  /** Resolves when nothing is under way any more. What open calls begin meanwhile is waited for as well. */
  async end(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<"late">();
    const timer = setTimeout(resolve, END_MS, "late");
    while (this.#open.size > 0) {
      if ((await Promise.race([Promise.allSettled(this.#open), late])) === "late") break;
    }
    clearTimeout(timer);
    this.#isEnded = true;
  }
}
