// The order book on disk: STATE/orders.json. A change counts, and is answered, only once the disk has it.
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent, writeDurably } from "../durable-file.ts";
import { EMPTY_ORDER_BOOK, type OrderBook } from "./order-book.ts";

export interface OrderBookFile {
  /** What the disk has. */
  readonly current: () => OrderBook;
  /** Applies one change and resolves once it is on disk. Changes are made one after the other. */
  readonly change: <Extra>(next: (book: OrderBook) => readonly [OrderBook, Extra]) => Promise<Extra>;
}

/** Throws when the file is damaged: guessing which commands were done could run one twice. */
export async function openOrderBook(stateDir: string): Promise<OrderBookFile> {
  const path = join(stateDir, "orders.json");
  await adoptOldName(stateDir, path);
  let book = parse(await readIfPresent(path), path);
  let last: Promise<unknown> = Promise.resolve();
  return {
    current: () => book,
    change: (next) => {
      const mine = last.then(async () => {
        const [changed, extra] = next(book);
        if (changed !== book) {
          await writeDurably(path, JSON.stringify(changed));
          book = changed;
        }
        return extra;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** It was `inbox.json` once. Starting without it would run a repeated command a second time. */
async function adoptOldName(stateDir: string, path: string): Promise<void> {
  if ((await readIfPresent(path)) !== undefined) return;
  await rename(join(stateDir, "inbox.json"), path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

function parse(text: string | undefined, path: string): OrderBook {
  if (text === undefined) {
    return EMPTY_ORDER_BOOK;
  }
  try {
    // Our own file, written whole or not at all: its shape is checked, its contents are ours.
    const read: unknown = JSON.parse(text);
    if (typeof read === "object" && read !== null && "lastSequence" in read && "orders" in read) {
      return { ...EMPTY_ORDER_BOOK, ...(read as OrderBook) };
    }
    throw new Error("it is not an order book");
  } catch (cause) {
    throw new Error(`${path} is damaged; run \`pacpool agent reset\` and join again with --replace`, { cause });
  }
}
