// One stream from its first byte to its last, and the orderly ways out of it. Must not know what is said.
import { setTimeout as delay } from "node:timers/promises";
import type { ConnectResponse } from "../../proto/generated/pacpool/v1/agent.ts";
import type { Connection } from "../../rpc/connection.ts";
import { Conversation } from "./conversation.ts";
import type { StreamEnd } from "./next-attempt.ts";
import { makeOutbox } from "./outbox.ts";
import type { SessionParts } from "./parts.ts";

/** How long an orderly leave may take. */
const GOODBYE_TIMEOUT_MS = 1_000;

/** Runs one stream. Resolves when it was ended in order, rejects with the reason when it broke. */
export async function runStream(parts: SessionParts, connection: Connection, signal: AbortSignal): Promise<StreamEnd> {
  const over = new AbortController();
  const duplex = connection.agent.connect({ signal: over.signal });
  const outbox = makeOutbox(duplex.write, parts.now);
  const conversation = new Conversation(parts, connection, outbox, over.signal);
  const reading = readAll(duplex, conversation);
  const broken = conversation.broken.catch(async (error: unknown): Promise<never> => {
    // On a refused stream writing fails first; the status, which says why, follows within moments.
    await Promise.race([reading, delay(GOODBYE_TIMEOUT_MS, undefined, { ref: false })]);
    throw error;
  });
  const stopped = Promise.withResolvers<StreamEnd>();
  const stop = (): void => {
    void outbox.send({ $case: "goodbye", value: { reason: "stopping" } }).catch(() => undefined);
    stopped.resolve({ kind: "ended" });
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const end = await Promise.race([broken, conversation.drained, stopped.promise, reading]);
    // The server answers the end of ours with the end of its own; one that does not is not waited for.
    const left = outbox
      .flushed()
      .then(duplex.end)
      .then(() => reading);
    await Promise.race([left.catch(() => undefined), delay(GOODBYE_TIMEOUT_MS, undefined, { ref: false })]);
    return end;
  } finally {
    signal.removeEventListener("abort", stop);
    conversation.close();
    parts.store.connect(undefined);
    over.abort();
    reading.catch(() => undefined);
  }
}

async function readAll(messages: AsyncIterable<ConnectResponse>, conversation: Conversation): Promise<StreamEnd> {
  for await (const message of messages) {
    conversation.receive(message);
  }
  return { kind: "ended" };
}
