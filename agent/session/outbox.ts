// Everything that leaves on one stream, in order, numbered, one message in flight. Must not know what messages mean.
import type { ConnectRequest } from "../../proto/generated/pacpool/v1/agent.ts";
import type { Saying } from "./protocol.ts";

export interface Outbox {
  /** Resolves when the stream has taken it; rejects when the stream is over. */
  readonly send: (saying: Saying) => Promise<void>;
  /** Resolves when everything so far was taken or has failed. */
  readonly flushed: () => Promise<void>;
  /** When the last message was taken, by the clock that was passed in. */
  readonly lastSentMs: () => number;
}

/** A stalled server must not make the agent's memory grow: the stream is given up instead. */
const MAX_PENDING = 256;

export function makeOutbox(write: (message: Partial<ConnectRequest>) => Promise<void>, now: () => number): Outbox {
  let sequence = 0n;
  let pending = 0;
  let sentMs = now();
  let last: Promise<unknown> = Promise.resolve();
  return {
    lastSentMs: () => sentMs,
    flushed: async () => {
      await last;
    },
    send: (body) => {
      if (pending >= MAX_PENDING) {
        return Promise.reject(new Error(`the server has not taken ${String(MAX_PENDING)} messages`));
      }
      pending++;
      const mine = last.then(async () => {
        sequence++;
        await write({ sequence, body });
        sentMs = now();
      });
      last = mine.then(
        () => pending--,
        () => pending--,
      );
      return mine;
    },
  };
}
