// A machine without its agent: the same planner and executor in the process of whoever asks, under the same lock, with the
// same journal. What it did is kept for the agent's next start, which tells the server. Must not know who asks.
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { InboxItem } from "../../domain/inbox/inbox-item.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { type Identity, loadIdentity } from "../identity.ts";
import { openInstanceLock } from "../instance-lock.ts";
import type { ExecutionHooks, Machine, PlanAnswer, PlanQuestion } from "../machine.ts";
import { openMachine } from "../open-machine.ts";
import { isOrdered, keepLocal, LOCAL_FENCE, type OperationResult } from "../orders/order-book.ts";
import { openOrderBook } from "../orders/order-book-file.ts";
import { openDeliveredTargets } from "../session/delivered-targets.ts";
import type { AloneAim } from "./aim-alone.ts";

export interface AloneMachine extends AsyncDisposable {
  /** As enrolled, or what the machine calls itself. */
  readonly name: string;
  readonly root: string;
  /** Finishes or names what the last run left; empty when it left nothing. */
  readonly recover: (hooks: ExecutionHooks) => Promise<readonly OperationResult[]>;
  readonly plan: (question: Omit<PlanQuestion, "delivered">, signal: AbortSignal) => Promise<PlanAnswer>;
  /** What waits for a person there: a reboot, services, .pacnew files. */
  readonly waiting: () => Promise<readonly InboxItem[]>;
  /** Undefined when it was stopped: pacman goes on, and the next run finishes. */
  readonly run: (plan: Plan, operationId: string, hooks: ExecutionHooks) => Promise<OperationResult | undefined>;
}

/** Throws StateInUseError while an agent lives. */
export async function openAlone({ config, mountedAt }: AloneAim): Promise<AloneMachine> {
  const { stateDir } = config;
  const lock = await openInstanceLock(stateDir);
  try {
    const identity = await loadIdentity(stateDir).catch(() => undefined);
    const machine = await openMachine({ config, endpointId: identity?.endpointId ?? "" });
    return {
      name: identity?.name ?? mountedAt ?? hostname(),
      root: machine.root,
      recover: async (hooks) => {
        const results = await machine.recover(hooks);
        for (const result of results) await keep(stateDir, identity, result);
        return results;
      },
      plan: async (question, signal) => {
        // The rules that the pool's target last came with.
        const delivered = question.update === true ? (await openDeliveredTargets(stateDir)).current() : undefined;
        return await machine.plan({ ...question, delivered }, signal);
      },
      waiting: async () => (await machine.read()).facts.inbox,
      run: (plan, operationId, hooks) => run({ machine, stateDir, identity }, plan, operationId, hooks),
      [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose](),
    };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** For an operation that this machine begins by itself. */
export function newOperationId(): string {
  return randomUUID();
}

interface Running {
  readonly machine: Machine;
  readonly stateDir: string;
  readonly identity: Identity | undefined;
}

async function run(
  { machine, stateDir, identity }: Running,
  plan: Plan,
  operationId: string,
  hooks: ExecutionHooks,
): Promise<OperationResult | undefined> {
  const startedAtMs = Date.now();
  const order = { operationId, fence: LOCAL_FENCE, plan, hasBegun: true } as const;
  const outcome = await machine.execute(order, hooks);
  if (outcome === undefined) return undefined;
  const { digest } = await machine.read();
  const head = { operationId, fence: LOCAL_FENCE, digest, startedAtMs, finishedAtMs: Date.now(), plan };
  const result: OperationResult = { ...head, ...outcome };
  await keep(stateDir, identity, result);
  return result;
}

/** A machine that belongs to no server has nobody to tell. What changed nothing is nothing to tell. */
async function keep(stateDir: string, identity: Identity | undefined, result: OperationResult): Promise<void> {
  const isNothing = result.state === "refused" || result.state === "cancelled";
  if (identity === undefined || isNothing) return;
  // A damaged order book is the agent's to complain about; what was proven here stays proven.
  const book = await openOrderBook(stateDir).catch(() => undefined);
  await book?.change((from) => {
    const { plan: _plan, ...ordered } = result;
    return [keepLocal(from, isOrdered(from, result.operationId) ? ordered : result), undefined];
  });
}
