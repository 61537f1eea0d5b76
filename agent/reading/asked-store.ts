// The server's store as the reading process sees it: that process has no connection, so it asks the agent, which has one.
// Both ends of those questions. Must not know what files are wanted for.
import type { FileStore, FoundPackage, PackageKey, StoredFile } from "../files/file-store.ts";
import { asMiss, type Fault, Miss } from "../files/miss.ts";

/** Bytes per question: a package is read in some, and none blocks the channel for long. */
const PIECE_BYTES = 4 * 1024 * 1024;

export type StoreQuestion =
  | { readonly kind: "describe"; readonly sha256: readonly string[] }
  | { readonly kind: "find"; readonly keys: readonly PackageKey[] }
  | { readonly kind: "piece"; readonly sha256: string; readonly offset: number };

export type StoreAnswer =
  | { readonly kind: "files"; readonly files: readonly StoredFile[] }
  | { readonly kind: "packages"; readonly packages: readonly FoundPackage[] }
  /** Empty at the end of the file. */
  | { readonly kind: "piece"; readonly bytes: Uint8Array }
  | { readonly kind: "miss"; readonly fault: Fault; readonly message: string };

/** The agent's end. Never rejects. */
export async function answerStoreQuestion(
  store: FileStore,
  question: StoreQuestion,
  signal: AbortSignal,
): Promise<StoreAnswer> {
  try {
    switch (question.kind) {
      case "describe":
        return { kind: "files", files: await store.describe(question.sha256, signal) };
      case "find":
        return { kind: "packages", packages: await store.find(question.keys, signal) };
      case "piece":
        return { kind: "piece", bytes: await readPiece(store, question, signal) };
    }
  } catch (cause) {
    const { fault, message } = asMiss(cause);
    return { kind: "miss", fault, message };
  }
}

async function readPiece(
  store: FileStore,
  { sha256, offset }: Extract<StoreQuestion, { kind: "piece" }>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of store.download(sha256, offset, signal)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= PIECE_BYTES) break;
  }
  return Buffer.concat(chunks);
}

export interface AskedStore {
  readonly store: FileStore;
  /** Takes the answer to a question. */
  readonly answered: (id: number, answer: StoreAnswer) => void;
}

/** The reading process's end. `send` brings a question to the agent. */
export function openAskedStore(send: (id: number, question: StoreQuestion) => void): AskedStore {
  const waiting = new Map<number, (answer: StoreAnswer) => void>();
  let questions = 0;
  const ask = async (question: StoreQuestion, signal: AbortSignal): Promise<StoreAnswer> => {
    signal.throwIfAborted();
    const id = ++questions;
    const { promise, resolve, reject } = Promise.withResolvers<StoreAnswer>();
    const giveUp = (): void => reject(signal.reason);
    waiting.set(id, resolve);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      send(id, question);
      return await promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
      waiting.delete(id);
    }
  };
  return { store: storeThrough(ask), answered: (id, answer) => waiting.get(id)?.(answer) };
}

type Ask = (question: StoreQuestion, signal: AbortSignal) => Promise<StoreAnswer>;

function storeThrough(ask: Ask): FileStore {
  const wanted = async <Kind extends StoreAnswer["kind"]>(
    kind: Kind,
    question: StoreQuestion,
    signal: AbortSignal,
  ): Promise<Extract<StoreAnswer, { kind: Kind }>> => {
    const answer = await ask(question, signal);
    if (answer.kind === "miss") throw new Miss(answer.fault, answer.message);
    if (answer.kind !== kind) throw new Error(`asked for ${kind}, the agent answered with ${answer.kind}`);
    return answer as Extract<StoreAnswer, { kind: Kind }>;
  };
  return {
    describe: async (sha256, signal) => (await wanted("files", { kind: "describe", sha256 }, signal)).files,
    find: async (keys, signal) => (await wanted("packages", { kind: "find", keys }, signal)).packages,
    async *download(sha256, offset, signal) {
      for (let at = offset; ; ) {
        const { bytes } = await wanted("piece", { kind: "piece", sha256, offset: at }, signal);
        if (bytes.length === 0) return;
        yield bytes;
        at += bytes.length;
      }
    },
  };
}
