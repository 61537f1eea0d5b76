// Deeds of a person on this machine, asked for over the agent's socket: without the server, through the same order book and
// executor. The socket's mode and group decide who may ask. Must not know sockets.
import { MAX_DETAILS } from "../../domain/limits.ts";
import { Refusal } from "../../domain/refusal.ts";
import { endOf, listJournals } from "../journal.ts";
import type { Operations } from "../orders/operations.ts";
import type { OperationResult } from "../orders/order-book.ts";
import type { OrderBookFile } from "../orders/order-book-file.ts";
import { loadPreparedPlan } from "../planning/prepared-plan.ts";
import { plansDirOf } from "../state-folders.ts";
import type { Answer } from "./protocol.ts";

export interface LocalDeeds {
  readonly stateDir: string;
  readonly book: OrderBookFile;
  readonly operations: Operations;
}

/** What the socket says of an operation; `state` is `queued`, `running` or how it ended. */
export interface LocalOperation {
  readonly id: string;
  readonly state: "queued" | "running" | OperationResult["state"];
  readonly step: string | undefined;
  readonly percent: number;
  readonly message: string;
  readonly problems: readonly string[];
}

/** Executes a plan that was computed here and shown to somebody. Throws PLAN_NOT_FOUND, THROTTLED. */
export async function runLocally({ stateDir, operations }: LocalDeeds, digest: string): Promise<Answer> {
  const prepared = loadPreparedPlan(plansDirOf(stateDir), digest);
  if (prepared === undefined) throw new Refusal("PLAN_NOT_FOUND", { plan: digest });
  const id = await operations.takeLocal(prepared.plan);
  if (id === undefined) throw new Refusal("THROTTLED", { what: "operations of this machine" });
  return { ok: true, answer: { id } };
}

/** Throws OPERATION_NOT_FOUND for one that neither waits nor runs, and whose journal is not kept any more. */
export function describeOperation({ stateDir, book, operations }: LocalDeeds, id: string): Answer {
  const { orders, last } = book.current();
  const running = operations.running();
  const head = { id, step: undefined, percent: 0, message: "", problems: [] };
  if (running?.operationId === id) {
    const { step, percent, message } = running;
    return answerWith({ ...head, state: "running", step, percent, message });
  }
  const order = orders.find(({ operationId }) => operationId === id);
  if (order !== undefined) return answerWith({ ...head, state: order.hasBegun ? "running" : "queued" });
  const end = last?.operationId === id ? last : journalledEnd(stateDir, id);
  if (end === undefined) throw new Refusal("OPERATION_NOT_FOUND", { operation: id });
  const { state, problems } = end;
  return answerWith({
    ...head,
    state,
    percent: state === "succeeded" ? 100 : 0,
    problems: problems.slice(0, MAX_DETAILS),
  });
}

function journalledEnd(stateDir: string, id: string): Pick<OperationResult, "state" | "problems"> | undefined {
  const journal = listJournals(stateDir).find(({ operationId }) => operationId === id);
  return journal === undefined ? undefined : endOf(journal.entries);
}

function answerWith(operation: LocalOperation): Answer {
  return { ok: true, answer: operation };
}
