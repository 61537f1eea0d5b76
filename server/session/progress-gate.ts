// Progress of operations on its way to the store: the newest of each operation, at most once a second.
import type { OperationProgress } from "../../proto/generated/pacpool/v1/agent.ts";

/** Progress is for eyes; a row written more often only costs. */
const INTERVAL_MS = 1_000;
/** An endpoint runs one operation at a time; late words of earlier ones may come beside it. */
const MAX_OPERATIONS = 8;

export class ProgressGate {
  readonly #record: (progress: OperationProgress) => Promise<void>;
  readonly #newest = new Map<string, OperationProgress>();
  #timer: NodeJS.Timeout | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(record: (progress: OperationProgress) => Promise<void>) {
    this.#record = record;
  }

  add(progress: OperationProgress): void {
    if (this.#newest.size >= MAX_OPERATIONS && !this.#newest.has(progress.operationId)) {
      return;
    }
    this.#newest.set(progress.operationId, progress);
    if (this.#timer === undefined) {
      const waitMs = Math.max(0, this.#lastMs + INTERVAL_MS - performance.now());
      this.#timer = setTimeout(() => void this.flush(), waitMs);
    }
  }

  /** Writes what waits. A failure loses a word about progress, which the next one replaces; it never ends the stream. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastMs = performance.now();
    const waiting = [...this.#newest.values()];
    this.#newest.clear();
    for (const progress of waiting) {
      await this.#record(progress).catch(() => undefined);
    }
  }
}
