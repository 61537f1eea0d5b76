import { expect, test } from "vitest";
import type { Plan } from "../../domain/plan/plan.ts";
import {
  admit,
  begin,
  type Command,
  EMPTY_ORDER_BOOK,
  finish,
  forget,
  type OperationResult,
  type OrderBook,
} from "./order-book.ts";

const plan = { digest: "d", baseDigest: "before" } as Plan;

function start(sequence: number, operationId = "o-1", fence = 1, notAfterMs?: number): Command {
  return { kind: "start", sequence, notAfterMs, operationId, fence, plan };
}

function cancel(sequence: number, operationId = "o-1"): Command {
  return { kind: "cancel", sequence, notAfterMs: undefined, operationId };
}

function take(book: OrderBook, command: Command, nowMs = 0) {
  return admit(book, command, nowMs, true);
}

function result(operationId: string, fence = 1): OperationResult {
  return { operationId, fence, state: "succeeded", problems: [], digest: "", startedAtMs: 1, finishedAtMs: 2 };
}

test("a start waits in the book, and the copy of it changes nothing", () => {
  const { book, answer } = take(EMPTY_ORDER_BOOK, start(7));
  expect(answer).toEqual({ kind: "persisted" });
  expect(book.orders).toEqual([{ operationId: "o-1", fence: 1, plan, hasBegun: false }]);
  const again = take(book, start(7));
  expect(again).toEqual({ book, answer: { kind: "duplicate" }, cancelRunning: undefined });
});

test("a start that comes under a new sequence with the same fence is a duplicate, also after its end", () => {
  const waiting = take(EMPTY_ORDER_BOOK, start(1)).book;
  expect(take(waiting, start(2)).answer).toEqual({ kind: "duplicate" });
  const ended = forget(finish(waiting, result("o-1")), "o-1", 1);
  expect(take(ended, start(3))).toMatchObject({ answer: { kind: "duplicate" }, book: { orders: [] } });
});

test("a lower fence is refused, a higher one is a new attempt", () => {
  const second = take(EMPTY_ORDER_BOOK, start(1, "o-1", 5)).book;
  expect(take(second, start(2, "o-1", 4)).answer).toEqual({ kind: "refused", reason: "SUPERSEDED" });
  const third = take(second, start(2, "o-1", 6)).book;
  expect(third.orders.map(({ fence }) => fence)).toEqual([6]);
});

test("a new attempt waits behind the one that has begun", () => {
  const begun = begin(take(EMPTY_ORDER_BOOK, start(1)).book, "o-1");
  const both = take(begun, start(2, "o-1", 2)).book;
  expect(both.orders.map(({ fence, hasBegun }) => [fence, hasBegun])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(finish(both, result("o-1", 1)).orders.map(({ fence }) => fence)).toEqual([2]);
});

test("a command is refused after its time, and its copy is refused with the same reason", () => {
  const { book, answer } = take(EMPTY_ORDER_BOOK, start(1, "o-1", 1, 1_000), 1_001);
  expect(answer).toEqual({ kind: "refused", reason: "STALE_PLAN" });
  expect(take(book, start(1, "o-1", 1, 1_000), 900).answer).toEqual(answer);
  expect(book.orders).toEqual([]);
});

test("nothing starts on a machine whose owner forbids it", () => {
  expect(admit(EMPTY_ORDER_BOOK, start(1), 0, false).answer).toEqual({ kind: "refused", reason: "CONSENT_NEVER" });
});

test("a waiting operation is cancelled at once; one that has begun is asked to stop", () => {
  const waiting = take(EMPTY_ORDER_BOOK, start(1)).book;
  const cancelled = take(waiting, cancel(2), 50);
  expect(cancelled.cancelRunning).toBeUndefined();
  expect(cancelled.book.orders).toEqual([]);
  expect(cancelled.book.results).toMatchObject([{ state: "cancelled", digest: "before", finishedAtMs: 50 }]);
  const running = take(begin(waiting, "o-1"), cancel(2));
  expect(running.cancelRunning).toBe("o-1");
  expect(running.book.orders).toHaveLength(1);
});

test("a ninth waiting operation is refused", () => {
  let book: OrderBook = EMPTY_ORDER_BOOK;
  for (let sequence = 1; sequence <= 8; sequence++) {
    book = take(book, start(sequence, `o-${String(sequence)}`)).book;
  }
  expect(take(book, start(9, "o-9")).answer).toEqual({ kind: "refused", reason: "THROTTLED" });
});

test("a result stays until the server has that fence or a newer one", () => {
  const book = finish(EMPTY_ORDER_BOOK, result("o-1", 3));
  expect(forget(book, "o-1", 2).results).toHaveLength(1);
  expect(forget(book, "o-2", 3).results).toHaveLength(1);
  expect(forget(book, "o-1", 3).results).toHaveLength(0);
});

test("a failed proof stays the last word until an operation changes the machine again", () => {
  const degraded = finish(EMPTY_ORDER_BOOK, { ...result("o-1"), state: "degraded", problems: ["a file is missing"] });
  const refused = finish(forget(degraded, "o-1", 1), { ...result("o-2"), state: "refused" });
  expect(refused.last).toMatchObject({ operationId: "o-1", state: "degraded" });
  expect(finish(refused, result("o-3")).last).toMatchObject({ operationId: "o-3", state: "succeeded" });
});
