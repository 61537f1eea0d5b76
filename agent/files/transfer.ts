// Bytes from anywhere into a .part file: resumed where an earlier attempt stopped, hashed on the way, given up when the
// sender stalls or crawls. Must not know who sends.
import { createHash, type Hash } from "node:crypto";
import { createReadStream, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { asMiss, isOwnDisk, Miss } from "./miss.ts";

export interface TransferLimits {
  /** Without a byte for so long, the first one included, a sender is given up. */
  readonly stallMs: number;
  /** A sender must give `floorBytesPerSecond` on average over each such stretch. */
  readonly floorWindowMs: number;
  readonly floorBytesPerSecond: number;
  /** For one whole file. */
  readonly totalMs: number;
}

export const TRANSFER_LIMITS: TransferLimits = {
  // pacman itself gives a mirror ten seconds.
  stallMs: 10_000,
  floorWindowMs: 20_000,
  // Five at once make 40 KiB/s: the largest package would take a day.
  floorBytesPerSecond: 8 * 1024,
  // 1 GiB over 5 Mbit/s takes half an hour.
  totalMs: 45 * 60_000,
};

/** The largest package in Arch has 3 GiB; a sender that gives more than this is broken. */
const FILE_LIMIT_BYTES = 8 * 1024 ** 3;

/** An answer to a request for the bytes from some offset on. `offset` is where they begin really: 0 from a sender that cannot skip. */
export interface Incoming {
  readonly offset: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface Reception {
  readonly part: string;
  /** Of the whole file; 0 when unknown. */
  readonly size: number;
  /** What lies in the part file is a beginning of the same content. */
  readonly isResumable: boolean;
  readonly limits: TransferLimits;
  /** Without it a crawling sender is borne. */
  readonly hasFloor: boolean;
  readonly signal: AbortSignal;
  /** Bytes that came, those of an earlier attempt included. */
  readonly onBytes: (bytes: number) => void;
}

export interface Received {
  readonly size: number;
  /** Lower-case hex SHA-256. */
  readonly sha256: string;
  /** Some of it was there before. */
  readonly isResumed: boolean;
}

/** Receives a whole file. What came stays in the part file when it breaks off. */
export async function receive(
  ask: (offset: number, signal: AbortSignal) => Promise<Incoming>,
  reception: Reception,
): Promise<Received> {
  const { part, size, isResumable } = reception;
  const there = isResumable ? (statSync(part, { throwIfNoEntry: false })?.size ?? 0) : 0;
  if (!isResumable || (size > 0 && there > size)) rmSync(part, { force: true });
  const start = size > 0 && there > size ? 0 : there;
  if (start > 0 && start === size) return { size, sha256: await sha256OfFile(part), isResumed: true };
  using watch = watchTransfer(reception);
  try {
    const incoming = await ask(start, watch.signal);
    watch.arrived(0);
    return await store(incoming, reception, watch);
  } catch (cause) {
    reception.signal.throwIfAborted();
    if (watch.signal.aborted) throw watch.signal.reason;
    const isTold = cause instanceof Miss || isOwnDisk(cause) || watch.bytes() === 0;
    throw isTold ? cause : new Miss("cut", asMiss(cause).message, { cause });
  }
}

async function store(incoming: Incoming, reception: Reception, watch: Watch): Promise<Received> {
  const { part, size } = reception;
  const limit = size > 0 ? size : FILE_LIMIT_BYTES;
  const hash = createHash("sha256");
  const { offset } = incoming;
  if (offset > 0) {
    await feed(hash, part);
    reception.onBytes(offset);
  }
  const file = await open(part, offset > 0 ? "a" : "w", 0o644);
  let bytes = offset;
  try {
    for await (const chunk of incoming.chunks) {
      bytes += chunk.length;
      if (bytes > limit) throw new Miss("broken", `more than ${limit} bytes`);
      watch.arrived(chunk.length);
      hash.update(chunk);
      // Unlike write, this goes on until all of it is there.
      await file.appendFile(chunk);
      reception.onBytes(chunk.length);
    }
  } finally {
    await file.close();
  }
  if (size > 0 && bytes < size) throw new Miss("cut", `it broke off after ${bytes} of ${size} bytes`);
  return { size: bytes, sha256: hash.digest("hex"), isResumed: offset > 0 };
}

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await feed(hash, file);
  return hash.digest("hex");
}

async function feed(hash: Hash, file: string): Promise<void> {
  await pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) hash.update(chunk);
  });
}

interface Watch extends Disposable {
  readonly signal: AbortSignal;
  readonly arrived: (bytes: number) => void;
  /** That have arrived. */
  readonly bytes: () => number;
}

function watchTransfer({ limits, hasFloor, signal }: Reception): Watch {
  const controller = new AbortController();
  const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
  const giveUp = (miss: Miss): void => controller.abort(miss);
  const stalled = (): void =>
    giveUp(new Miss(allBytes > 0 ? "slow" : "broken", `no byte for ${seconds(limits.stallMs)}`));
  let allBytes = 0;
  let stall = setTimeout(stalled, limits.stallMs);
  let windowBytes = 0;
  const check = (): void => {
    const rate = (windowBytes * 1000) / limits.floorWindowMs;
    windowBytes = 0;
    if (hasFloor && rate < limits.floorBytesPerSecond) {
      giveUp(new Miss("slow", `slower than ${limits.floorBytesPerSecond} bytes a second`));
    }
  };
  const floor = setInterval(check, limits.floorWindowMs);
  const total = setTimeout(
    () => giveUp(new Miss("slow", `it took longer than ${seconds(limits.totalMs)}`)),
    limits.totalMs,
  );
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    arrived: (bytes) => {
      windowBytes += bytes;
      allBytes += bytes;
      clearTimeout(stall);
      stall = setTimeout(stalled, limits.stallMs);
    },
    bytes: () => allBytes,
    [Symbol.dispose]: () => {
      clearTimeout(stall);
      clearInterval(floor);
      clearTimeout(total);
    },
  };
}
