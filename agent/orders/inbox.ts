// What becomes of a command: the rules, without disk or clock. Delivery is at least once and in order; the effect is
// exactly once, because the inbox remembers the highest sequence and the highest fence. Must not know the wire.
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
}

export interface Inbox {
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

export const EMPTY_INBOX: Inbox = {
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
  readonly inbox: Inbox;
  readonly answer: Answer;
  /** The operation that has begun and must be asked to stop. */
  readonly cancelRunning: string | undefined;
}

/** `nowMs` is the server's time as far as the agent knows it; `mayApply` is the owner's consent. */
export function admit(inbox: Inbox, command: Command, nowMs: number, mayApply: boolean): Admission {
  if (command.sequence <= inbox.lastSequence) {
    const refusal = inbox.refused.find(([sequence]) => sequence === command.sequence);
    const answer: Answer = refusal === undefined ? { kind: "duplicate" } : { kind: "refused", reason: refusal[1] };
    return { inbox, answer, cancelRunning: undefined };
  }
  const seen: Inbox = { ...inbox, lastSequence: command.sequence };
  if (command.kind === "cancel") {
    return cancel(seen, command.operationId, nowMs);
  }
  const known = fenceOf(seen, command.operationId);
  if (known === command.fence) {
    return { inbox: seen, answer: { kind: "duplicate" }, cancelRunning: undefined };
  }
  const reason = refusalOf(seen, command, nowMs, mayApply);
  if (reason !== undefined) {
    const refused = [...seen.refused, [command.sequence, reason] as const].slice(-MAX_FENCES);
    return { inbox: { ...seen, refused }, answer: { kind: "refused", reason }, cancelRunning: undefined };
  }
  const { operationId, fence, plan } = command;
  const fences = [...seen.fences.filter(([id]) => id !== operationId), [operationId, fence] as const];
  // A newer attempt replaces one that still waits and the result of the one before.
  const orders = seen.orders.filter((order) => order.operationId !== operationId || order.hasBegun);
  const results = seen.results.filter((result) => result.operationId !== operationId);
  const order: Order = { operationId, fence, plan, hasBegun: false };
  return {
    inbox: { ...seen, orders: [...orders, order], results, fences: fences.slice(-MAX_FENCES) },
    answer: { kind: "persisted" },
    cancelRunning: undefined,
  };
}

/** Takes an order of a person on the machine itself. Undefined when too much waits already. */
export function admitLocal(inbox: Inbox, operationId: string, plan: Plan): Inbox | undefined {
  if (inbox.orders.length >= MAX_ORDERS || inbox.results.length >= MAX_RESULTS) return undefined;
  const order: Order = { operationId, fence: LOCAL_FENCE, plan, hasBegun: false, isLocal: true };
  return { ...inbox, orders: [...inbox.orders, order] };
}

/** Keeps the result of an operation that had no order; one more than the server ever took is only kept as the last. */
export function keepLocal(inbox: Inbox, result: OperationResult): Inbox {
  const kept = finish(inbox, result);
  return inbox.results.length >= MAX_RESULTS ? { ...kept, results: inbox.results } : kept;
}

/** Whether the server ordered it; false for what people began on the machine. */
export function isOrdered({ fences }: Inbox, operationId: string): boolean {
  return fences.some(([id]) => id === operationId);
}

/** Marks the first order as begun. */
export function begin(inbox: Inbox, operationId: string): Inbox {
  return { ...inbox, orders: inbox.orders.map((order) => mark(order, operationId)) };
}

/** Takes the order away and keeps its result. */
export function finish(inbox: Inbox, result: OperationResult): Inbox {
  const isOther = (entry: { readonly operationId: string; readonly fence: number }): boolean =>
    entry.operationId !== result.operationId || entry.fence !== result.fence;
  const hasChanged = result.state !== "cancelled" && result.state !== "refused";
  const others = inbox.results.filter(isOther);
  // The server need not hear of what a person here began and what changed nothing.
  const isUntold = result.plan !== undefined && (!hasChanged || isEmpty(result.plan));
  return {
    ...inbox,
    orders: inbox.orders.filter(isOther),
    results: isUntold ? others : [...others, result],
    // What changed nothing leaves the machine as the one before left it.
    last: hasChanged ? result : inbox.last,
  };
}

/** The server has stored the result. */
export function forget(inbox: Inbox, operationId: string, fence: number): Inbox {
  return {
    ...inbox,
    results: inbox.results.filter((result) => result.operationId !== operationId || result.fence > fence),
  };
}

function refusalOf(
  inbox: Inbox,
  command: Extract<Command, { kind: "start" }>,
  nowMs: number,
  mayApply: boolean,
): RefusalReason | undefined {
  if ((fenceOf(inbox, command.operationId) ?? -1) > command.fence) {
    return "SUPERSEDED";
  }
  if (command.notAfterMs !== undefined && nowMs > command.notAfterMs) {
    return "STALE_PLAN";
  }
  if (!mayApply) {
    return "CONSENT_NEVER";
  }
  if (inbox.orders.length >= MAX_ORDERS || inbox.results.length >= MAX_RESULTS) {
    return "THROTTLED";
  }
  return undefined;
}

function cancel(inbox: Inbox, operationId: string, nowMs: number): Admission {
  const order = inbox.orders.find((waiting) => waiting.operationId === operationId);
  if (order === undefined || order.hasBegun) {
    return { inbox, answer: { kind: "persisted" }, cancelRunning: order?.operationId };
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
  return { inbox: finish(inbox, result), answer: { kind: "persisted" }, cancelRunning: undefined };
}

function fenceOf(inbox: Inbox, operationId: string): number | undefined {
  return inbox.fences.find(([id]) => id === operationId)?.[1];
}

function isEmpty({ steps, reasons }: Plan): boolean {
  return steps.length === 0 && reasons.length === 0;
}

function mark(order: Order, operationId: string): Order {
  return order.operationId === operationId ? { ...order, hasBegun: true } : order;
}
