// The request for files under way on one stream: one at a time, since its agent uploads one file after the other anyway.
import { randomUUID } from "node:crypto";
import { Refusal } from "../../domain/refusal.ts";
import type { FilesDone, FilesWanted } from "../../proto/generated/pacpool/v1/agent.ts";

export class FilesDesk {
  #open: { readonly requestId: string; readonly answer: PromiseWithResolvers<FilesDone> } | undefined;

  /** Sends the request and waits for its answer. Rejects with THROTTLED while another is open, and when `signal` aborts. */
  async request(
    files: FilesWanted["files"],
    ask: (request: FilesWanted) => Promise<void>,
    signal: AbortSignal,
  ): Promise<FilesDone> {
    if (this.#open !== undefined) {
      throw new Refusal("THROTTLED");
    }
    const answer = Promise.withResolvers<FilesDone>();
    const requestId = randomUUID();
    this.#open = { requestId, answer };
    const abort = (): void => {
      answer.reject(new Error("the agent did not answer in time", { cause: signal.reason }));
    };
    signal.addEventListener("abort", abort, { once: true });
    try {
      if (signal.aborted) {
        abort();
      }
      await Promise.race([ask({ requestId, files }), answer.promise]);
      return await answer.promise;
    } finally {
      signal.removeEventListener("abort", abort);
      this.#open = undefined;
    }
  }

  /** An answer that nobody waits for any more is dropped. */
  settle(done: FilesDone): void {
    if (this.#open?.requestId === done.requestId) {
      this.#open.answer.resolve(done);
    }
  }

  /** The stream is over: nobody will answer. */
  close(error: unknown): void {
    this.#open?.answer.reject(error);
  }
}
