// Tells the server of operations on one stream: each result once, progress when there is new one. Must not know how an
// operation is executed.

import type { Operations } from "../orders/operations.ts";
import type { OrderBookFile } from "../orders/order-book-file.ts";
import { encodeProgress, encodeResult } from "./operation-messages.ts";
import { makeProgressSender } from "./progress-sender.ts";
import type { Saying } from "./protocol.ts";

export interface OperationTeller {
  /** Sends what the server has not heard on this stream. */
  readonly tell: () => void;
  readonly holdFor: (ms: number) => void;
  readonly close: () => void;
}

interface Sources {
  readonly book: OrderBookFile;
  readonly operations: Operations;
  readonly now: () => number;
}

export function makeOperationTeller(sources: Sources, send: (saying: Saying) => Promise<void>): OperationTeller {
  const progress = makeProgressSender(sources.now);
  const told = new Set<string>();
  return {
    tell: () => {
      for (const result of sources.book.current().results) {
        const id = `${result.operationId}/${String(result.fence)}`;
        if (!told.has(id)) {
          told.add(id);
          void send({ $case: "operationResult", value: encodeResult(result) });
        }
      }
      const running = sources.operations.running();
      if (running !== undefined) {
        progress.offer(() => void send({ $case: "operationProgress", value: encodeProgress(running) }));
      }
    },
    holdFor: progress.holdFor,
    close: progress.close,
  };
}
