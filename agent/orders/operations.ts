// Runs the orders of the order book one after the other and keeps their results until the server has them. Works the same
// with and without a connection. Must not know the wire.
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Verdict } from "../../domain/consent/consent.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { ExecutionHooks, Machine, Outcome, Progress } from "../machine.ts";
import type { BeginGate } from "./begin-gate.ts";
import {
  type Admission,
  admit,
  admitLocal,
  begin,
  type Command,
  finish,
  forget,
  isOrdered,
  type OperationResult,
  type Order,
} from "./order-book.ts";
import type { OrderBookFile } from "./order-book-file.ts";

export interface OperationsOptions {
  readonly machine: Machine;
  readonly book: OrderBookFile;
  /** Reads the machine again and answers the digest of its set; everyone who follows the machine hears of it too. */
  readonly reread: () => Promise<string>;
  readonly now: () => number;
  readonly log: Logger;
  /** Ends the runner; a running pacman is left alone. */
  readonly signal: AbortSignal;
  /** Whether an order may begin now. */
  readonly gate: Pick<BeginGate, "ask">;
}

export interface Operations {
  /** Takes a command; resolves once it is on disk. `nowMs` is the server's time. */
  readonly take: (command: Command, nowMs: number, mayApply: boolean) => Promise<Admission["answer"]>;
  /** Takes the order of a person on this machine; its id, or undefined when too much waits already. */
  readonly takeLocal: (plan: Plan) => Promise<string | undefined>;
  readonly forget: (operationId: string, fence: number) => Promise<void>;
  /** The operation under way. */
  readonly running: () => Progress | undefined;
  /** Calls back at progress and whenever an operation begins or ends; answers how to stop that. */
  readonly follow: (listener: () => void) => () => void;
  /** Asks the gate again at once: something that it goes by has changed. */
  readonly reconsider: () => void;
  /** Recovers, then runs orders until the signal. Rejects only on a defect. */
  readonly run: () => Promise<void>;
}

type Next =
  | { readonly kind: "order"; readonly order: Order }
  | { readonly kind: "nothing"; readonly limitMs: number | undefined };

/** Clocks are set and lids are opened without a word. */
const LOOK_MS = 60_000;

/** Its order was taken, but the machine's journal does not know it. */
const NEVER_BEGUN: Outcome = {
  state: "interrupted",
  problems: ["the agent stopped before this operation changed anything; start it again"],
};

export function makeOperations(options: OperationsOptions): Operations {
  return new Runner(options);
}

class Runner implements Operations {
  readonly #options: OperationsOptions;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Set<() => void>();
  #running: Progress | undefined;
  #isWoken = false;
  #cancelling: { readonly operationId: string; readonly controller: AbortController } | undefined;

  constructor(options: OperationsOptions) {
    this.#options = options;
  }

  readonly running = (): Progress | undefined => this.#running;

  readonly follow = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly take = async (command: Command, nowMs: number, mayApply: boolean): Promise<Admission["answer"]> => {
    const admission = await this.#options.book.change((from) => {
      const admitted = admit(from, command, nowMs, mayApply);
      return [admitted.book, admitted];
    });
    const { cancelRunning } = admission;
    if (cancelRunning !== undefined && this.#cancelling?.operationId === cancelRunning) {
      this.#cancelling.controller.abort();
    }
    this.#wake();
    return admission.answer;
  };

  readonly takeLocal = async (plan: Plan): Promise<string | undefined> => {
    const operationId = randomUUID();
    const isTaken = await this.#options.book.change((from) => {
      const taken = admitLocal(from, operationId, plan);
      return [taken ?? from, taken !== undefined];
    });
    this.#wake();
    return isTaken ? operationId : undefined;
  };

  readonly forget = (operationId: string, fence: number): Promise<void> =>
    this.#options.book.change((from) => [forget(from, operationId, fence), undefined]);

  readonly run = async (): Promise<void> => {
    const { book, signal } = this.#options;
    await this.#recover();
    while (!signal.aborted) {
      this.#isWoken = false;
      const next = await this.#pick(book.current().orders);
      if (next.kind === "order") await this.#execute(next.order);
      // What came while the gate was asked has not been looked at.
      else if (!this.#isWoken) await nextWake(this.#waiting, signal, next.limitMs);
    }
  };

  readonly reconsider = (): void => {
    this.#isWoken = true;
    for (const wake of this.#waiting) {
      wake();
    }
  };

  /** The first order that may begin; others do not wait behind one that may not. */
  async #pick(orders: readonly Order[]): Promise<Next> {
    let waits: { readonly order: Order; readonly verdict: Extract<Verdict, { kind: "wait" }> } | undefined;
    for (const order of orders) {
      const verdict = await this.#options.gate.ask(order);
      if (verdict.kind === "go") return { kind: "order", order };
      waits ??= { order, verdict };
    }
    if (waits === undefined) {
      // What waited was cancelled.
      if (this.#running !== undefined) this.#tell(undefined);
      return { kind: "nothing", limitMs: undefined };
    }
    const { operationId, fence } = waits.order;
    const message = waits.verdict.why;
    if (this.#running?.operationId !== operationId || this.#running.message !== message) {
      this.#tell({ operationId, fence, step: "check", percent: 0, message });
      this.#options.log.info({ operation: operationId, why: message }, "operation waits");
    }
    return {
      kind: "nothing",
      limitMs: Math.min(LOOK_MS, (waits.verdict.minutes ?? Number.POSITIVE_INFINITY) * 60_000),
    };
  }

  #wake(): void {
    this.reconsider();
    // A waiting order that was cancelled has a result that must be told.
    this.#tell(this.#running);
  }

  async #recover(): Promise<void> {
    const { machine, book, signal, reread, now } = this.#options;
    const results = await machine.recover(this.#hooks(new AbortController().signal));
    if (signal.aborted) {
      return;
    }
    for (const result of results) {
      await reread();
      await this.#keep(result);
    }
    for (const order of book.current().orders.filter(({ hasBegun }) => hasBegun)) {
      const outcome = machine.outcomeOf(order) ?? NEVER_BEGUN;
      await this.#keep(resultOf(order, outcome, await reread(), undefined, now()));
    }
  }

  async #execute(order: Order): Promise<void> {
    const { machine, book, reread, now, log } = this.#options;
    const controller = new AbortController();
    this.#cancelling = { operationId: order.operationId, controller };
    const startedAtMs = now();
    await book.change((from) => [begin(from, order.operationId), undefined]);
    log.info({ operation: order.operationId, plan: order.plan.digest }, "operation begins");
    const outcome = await attempt(machine, order, this.#hooks(controller.signal), log);
    this.#cancelling = undefined;
    if (outcome !== undefined) {
      await this.#keep(resultOf(order, outcome, await reread(), startedAtMs, now()));
    }
  }

  async #keep(result: OperationResult): Promise<void> {
    const { book, log } = this.#options;
    const { plan: _plan, ...ordered } = result;
    await book.change((from) => [finish(from, isOrdered(from, result.operationId) ? ordered : result), undefined]);
    this.#tell(undefined);
    log.info({ operation: result.operationId, state: result.state, problems: result.problems }, "operation finished");
  }

  #hooks(cancelled: AbortSignal): ExecutionHooks {
    return { cancelled, stopped: this.#options.signal, progress: (progress) => this.#tell(progress) };
  }

  #tell(progress: Progress | undefined): void {
    this.#running = progress;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

async function attempt(
  machine: Machine,
  order: Order,
  hooks: ExecutionHooks,
  log: Logger,
): Promise<Outcome | undefined> {
  try {
    return await machine.execute(order, hooks);
  } catch (error) {
    if (hooks.stopped.aborted) {
      return undefined;
    }
    log.error({ err: error, operation: order.operationId }, "executing failed unexpectedly");
    const why = error instanceof Error ? error.message : String(error);
    return { state: "failed", problems: [`the agent failed while executing: ${why}; its log has the cause`] };
  }
}

function resultOf(
  order: Order,
  outcome: Outcome,
  digest: string,
  startedAtMs: number | undefined,
  finishedAtMs: number,
): OperationResult {
  const { operationId, fence, plan, isLocal } = order;
  const result = { operationId, fence, ...outcome, digest, startedAtMs, finishedAtMs };
  return isLocal === true ? { ...result, plan } : result;
}

function nextWake(waiting: Set<() => void>, signal: AbortSignal, limitMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = limitMs === undefined ? undefined : setTimeout(() => wake(), limitMs);
    const wake = (): void => {
      clearTimeout(timer);
      waiting.delete(wake);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    waiting.add(wake);
    signal.addEventListener("abort", wake, { once: true });
  });
}
