// What becomes of a command: the rules, without disk or clock. Delivery is at least once and in order; the effect is
// exactly once, because the order book remembers the highest sequence and the highest fence. Must not know the wire.
import type { Plan } from "../../domain/plan/plan.ts";
import type { RefusalReason } from "../../domain/refusal.ts";

/** A command as the server delivered it. Times in ms of the server's clock. */
export type Command =
  | {
      readonly kind: "start";
      readonly sequence: number;
      readonly notAfterMs: number | undefined;
      readonly operationId: string;
      readonly fence: number;
      readonly plan: Plan;
    }
  | {
      readonly kind: "cancel";
      readonly sequence: number;
      readonly notAfterMs: number | undefined;
      readonly operationId: string;
    };

/** An accepted start. `hasBegun` is on disk before the executor is called. */
export interface Order {
  readonly operationId: string;
  readonly fence: number;
  readonly plan: Plan;
  readonly hasBegun: boolean;
  /** Begun by a person on the machine itself: the server hears of it with its result. */
  readonly isLocal?: true;
}

/** How an operation can end. */
export type FinishedState = "succeeded" | "degraded" | "failed" | "refused" | "cancelled" | "interrupted";

/** How an operation ended, kept until the server has stored it. Times in Unix ms. */
export interface OperationResult {
  readonly operationId: string;
  readonly fence: number;
  readonly state: FinishedState;
  readonly problems: readonly string[];
  /** Digest of the package set after it; empty when it is not known. */
  readonly digest: string;
  readonly startedAtMs: number | undefined;
  readonly finishedAtMs: number;
  /** Of an operation that was begun on the machine itself: the server does not know it. */
  readonly plan?: Plan;
  /** What it was, for people; kept of the last one only. */
  readonly about?: { readonly targetRevision: number; readonly isRevert: boolean };
}

export interface OrderBook {
  readonly lastSequence: number;
  readonly orders: readonly Order[];
  readonly results: readonly OperationResult[];
  /** How the newest operation ended, kept after the server has it: a failed proof stays visible here. */
  readonly last: OperationResult | undefined;
  /** The highest fence per operation, oldest operation first. */
  readonly fences: readonly (readonly [operationId: string, fence: number])[];
  /** Why a command was refused, for the copy that comes again because the answer was lost. */
  readonly refused: readonly (readonly [sequence: number, reason: RefusalReason])[];
}

export const EMPTY_ORDER_BOOK: OrderBook = {
  lastSequence: 0,
  orders: [],
  results: [],
  last: undefined,
  fences: [],
  refused: [],
};

/** One machine runs one operation at a time; more than a few waiting ones mean that the server lost its count. */
const MAX_ORDERS = 8;
/** Results that the server never took. Beyond that new operations are refused: results are not thrown away. */
const MAX_RESULTS = 64;
/** The first attempt of everything; the server's repairs count on from it. */
export const LOCAL_FENCE = 1;
/** Operations whose fence is remembered: far more than can be under way. */
const MAX_FENCES = 128;

export type Answer =
  | { readonly kind: "persisted" }
  | { readonly kind: "duplicate" }
  | { readonly kind: "refused"; readonly reason: RefusalReason };

export interface Admission {
  readonly book: OrderBook;
  readonly answer: Answer;
  /** The operation that has begun and must be asked to stop. */
  readonly cancelRunning: string | undefined;
}

/** `nowMs` is the server's time as far as the agent knows it; `mayApply` is the owner's consent. */
export function admit(book: OrderBook, command: Command, nowMs: number, mayApply: boolean): Admission {
  if (command.sequence <= book.lastSequence) {
    const refusal = book.refused.find(([sequence]) => sequence === command.sequence);
    const answer: Answer = refusal === undefined ? { kind: "duplicate" } : { kind: "refused", reason: refusal[1] };
    return { book, answer, cancelRunning: undefined };
  }
  const seen: OrderBook = { ...book, lastSequence: command.sequence };
  if (command.kind === "cancel") {
    return cancel(seen, command.operationId, nowMs);
  }
  const known = fenceOf(seen, command.operationId);
  if (known === command.fence) {
    return { book: seen, answer: { kind: "duplicate" }, cancelRunning: undefined };
  }
  const reason = refusalOf(seen, command, nowMs, mayApply);
  if (reason !== undefined) {
    const refused = [...seen.refused, [command.sequence, reason] as const].slice(-MAX_FENCES);
    return { book: { ...seen, refused }, answer: { kind: "refused", reason }, cancelRunning: undefined };
  }
  const { operationId, fence, plan } = command;
  const fences = [...seen.fences.filter(([id]) => id !== operationId), [operationId, fence] as const];
  // A newer attempt replaces one that still waits and the result of the one before.
  const orders = seen.orders.filter((order) => order.operationId !== operationId || order.hasBegun);
  const results = seen.results.filter((result) => result.operationId !== operationId);
  const order: Order = { operationId, fence, plan, hasBegun: false };
  return {
    book: { ...seen, orders: [...orders, order], results, fences: fences.slice(-MAX_FENCES) },
    answer: { kind: "persisted" },
    cancelRunning: undefined,
  };
}

/** Takes an order of a person on the machine itself. Undefined when too much waits already. */
export function admitLocal(book: OrderBook, operationId: string, plan: Plan): OrderBook | undefined {
  if (book.orders.length >= MAX_ORDERS || book.results.length >= MAX_RESULTS) return undefined;
  const order: Order = { operationId, fence: LOCAL_FENCE, plan, hasBegun: false, isLocal: true };
  return { ...book, orders: [...book.orders, order] };
}

/** Keeps the result of an operation that had no order; one more than the server ever took is only kept as the last. */
export function keepLocal(book: OrderBook, result: OperationResult): OrderBook {
  const kept = finish(book, result);
  return book.results.length >= MAX_RESULTS ? { ...kept, results: book.results } : kept;
}

/** Whether the server ordered it; false for what people began on the machine. */
export function isOrdered({ fences }: OrderBook, operationId: string): boolean {
  return fences.some(([id]) => id === operationId);
}

/** Marks the first order as begun. */
export function begin(book: OrderBook, operationId: string): OrderBook {
  return { ...book, orders: book.orders.map((order) => mark(order, operationId)) };
}

/** Takes the order away and keeps its result. */
export function finish(book: OrderBook, result: OperationResult): OrderBook {
  const isOther = (entry: { readonly operationId: string; readonly fence: number }): boolean =>
    entry.operationId !== result.operationId || entry.fence !== result.fence;
  const hasChanged = result.state !== "cancelled" && result.state !== "refused";
  const others = book.results.filter(isOther);
  // The server need not hear of what a person here began and what changed nothing.
  const isUntold = result.plan !== undefined && (!hasChanged || isEmpty(result.plan));
  return {
    ...book,
    orders: book.orders.filter(isOther),
    results: isUntold ? others : [...others, result],
    // What changed nothing leaves the machine as the one before left it.
    last: hasChanged ? { ...result, ...aboutOf(book, result.operationId) } : book.last,
  };
}

function aboutOf(book: OrderBook, operationId: string): Pick<OperationResult, "about"> {
  const plan = book.orders.find((order) => order.operationId === operationId)?.plan;
  if (plan === undefined) return {};
  const { targetRevision, isRevert } = plan;
  return { about: { targetRevision, isRevert } };
}

/** The server has stored the result. */
export function forget(book: OrderBook, operationId: string, fence: number): OrderBook {
  return {
    ...book,
    results: book.results.filter((result) => result.operationId !== operationId || result.fence > fence),
  };
}

function refusalOf(
  book: OrderBook,
  command: Extract<Command, { kind: "start" }>,
  nowMs: number,
  mayApply: boolean,
): RefusalReason | undefined {
  if ((fenceOf(book, command.operationId) ?? -1) > command.fence) {
    return "SUPERSEDED";
  }
  if (command.notAfterMs !== undefined && nowMs > command.notAfterMs) {
    return "STALE_PLAN";
  }
  if (!mayApply) {
    return "CONSENT_NEVER";
  }
  if (book.orders.length >= MAX_ORDERS || book.results.length >= MAX_RESULTS) {
    return "THROTTLED";
  }
  return undefined;
}

function cancel(book: OrderBook, operationId: string, nowMs: number): Admission {
  const order = book.orders.find((waiting) => waiting.operationId === operationId);
  if (order === undefined || order.hasBegun) {
    return { book, answer: { kind: "persisted" }, cancelRunning: order?.operationId };
  }
  const result: OperationResult = {
    operationId,
    fence: order.fence,
    state: "cancelled",
    problems: [],
    digest: order.plan.baseDigest,
    startedAtMs: undefined,
    finishedAtMs: nowMs,
  };
  return { book: finish(book, result), answer: { kind: "persisted" }, cancelRunning: undefined };
}

function fenceOf(book: OrderBook, operationId: string): number | undefined {
  return book.fences.find(([id]) => id === operationId)?.[1];
}

function isEmpty({ steps, reasons }: Plan): boolean {
  return steps.length === 0 && reasons.length === 0;
}

function mark(order: Order, operationId: string): Order {
  return order.operationId === operationId ? { ...order, hasBegun: true } : order;
}
