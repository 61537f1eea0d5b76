// Plan requests under way on one stream, by their correlation id. Bounded in number; each has its caller's deadline.
import { randomUUID } from "node:crypto";
import { Refusal } from "../../domain/refusal.ts";
import type { PlanReport, PlanRequest } from "../../proto/generated/pacpool/v1/agent.ts";

/** An agent computes one plan at a time; more callers than this are told to wait. */
const MAX_OPEN = 16;

export class PlanDesk {
  readonly #open = new Map<string, PromiseWithResolvers<PlanReport>>();

  /** Sends the request and waits for its report. Rejects with PLAN_REFUSED when `signal` aborts first, or THROTTLED. */
  async request(
    question: Omit<PlanRequest, "requestId">,
    ask: (request: PlanRequest) => Promise<void>,
    signal: AbortSignal,
  ): Promise<PlanReport> {
    if (this.#open.size >= MAX_OPEN) {
      throw new Refusal("THROTTLED");
    }
    const requestId = randomUUID();
    const open = Promise.withResolvers<PlanReport>();
    const { promise, reject } = open;
    const abort = (): void => {
      reject(new Refusal("PLAN_REFUSED", { details: "its agent did not answer in time" }));
    };
    this.#open.set(requestId, open);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await Promise.race([ask({ ...question, requestId }), promise]);
      return await promise;
    } finally {
      signal.removeEventListener("abort", abort);
      this.#open.delete(requestId);
    }
  }

  /** A report that nobody waits for any more is dropped: its caller's time was over. */
  settle(report: PlanReport): void {
    this.#open.get(report.requestId)?.resolve(report);
  }

  /** The stream is over: nobody will answer. */
  close(error: unknown): void {
    for (const { reject } of this.#open.values()) {
      reject(error);
    }
  }
}
