// A whole pool goes back: the bad target is marked, the one before becomes the newest again, and every machine that had
// followed returns to its own whole set from before.
import { randomUUID } from "node:crypto";
import type { Target } from "../../domain/target/target.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import { decodeTarget } from "../../rpc/codec/target.ts";
import type { Connection } from "../../rpc/connection.ts";
import { listEndpoints } from "../commands/endpoint.ts";
import { listOperations } from "../commands/operation.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { attempting } from "../failure.ts";
import { VerbFailure } from "../usage-error.ts";
import type { Context } from "../verb.ts";
import type { PlanWish } from "./collect-plans.ts";
import { planAskRun } from "./plan-ask-run.ts";

/** How far back operations are looked through. */
export const MAX_OPERATIONS = 2_000;

export interface PoolReturn {
  readonly to: number | undefined;
  /** --yes */
  readonly isAgreed: boolean;
  readonly detach: boolean;
  readonly message: string;
}

export async function revertPool(
  context: Context,
  connection: Connection,
  pool: string,
  { to, isAgreed, detach, message }: PoolReturn,
): Promise<ExitCode> {
  const { signal, terminal } = context;
  const { present, back } = await findTargets(connection, pool, to, signal);
  const endpoints = await listEndpoints(connection, pool, signal);
  const operations = await listOperations(connection, { pool }, MAX_OPERATIONS, signal);
  const followers = endpoints.flatMap((endpoint) => {
    const first = firstPast(
      operations.filter(({ endpointId }) => endpointId === endpoint.id),
      back.revision,
    );
    return first === undefined ? [] : [{ endpoint, wish: wishFor(endpoint, first) }];
  });
  terminal.note(
    `Target ${String(back.revision)} becomes the newest of pool ${pool} again, target ${String(present.revision)} is marked bad.`,
  );
  const asleep = followers.filter(({ endpoint }) => !endpoint.isOnline);
  for (const { endpoint, wish } of asleep) {
    terminal.note(
      `${endpoint.name}: asleep, stays as it is; once it is back: pacpool revert --endpoint ${endpoint.name} --operation ${wish.revertOperationId ?? ""}`,
    );
  }
  const wishes = followers.filter(({ endpoint }) => endpoint.isOnline).map(({ wish }) => wish);
  return await planAskRun(context, connection, wishes, {
    isAgreed,
    detach,
    mayDowngrade: true,
    nothing: "No machine had followed it.",
    before: async () => {
      const request = {
        idempotencyKey: randomUUID(),
        pool,
        revision: BigInt(back.revision),
        markBad: true,
        message,
        expectedTargetRevision: BigInt(present.revision),
      };
      await attempting("restoring the target", () => connection.targets.restoreTarget(request, { signal }));
    },
  });
}

interface Targets {
  readonly present: Target;
  readonly back: Target;
}

async function findTargets(
  connection: Connection,
  pool: string,
  to: number | undefined,
  signal: AbortSignal,
): Promise<Targets> {
  const { targets } = await connection.targets.listTargets({ pool, pageSize: 500 }, { signal });
  const history = targets.map(decodeTarget);
  const present = history[0];
  if (present === undefined) {
    throw new VerbFailure(EXIT.refused, `pool ${pool} has no target, so there is nothing to revert`);
  }
  const back =
    to === undefined ? history.slice(1).find(({ bad }) => !bad) : history.find(({ revision }) => revision === to);
  if (back === undefined || back.revision === present.revision) {
    throw new VerbFailure(EXIT.refused, `pool ${pool} has no other target to go back to`, {
      advice: `See \`pacpool target history ${pool}\`; a single machine goes back with --endpoint.`,
    });
  }
  return { present, back };
}

function wishFor({ name }: EndpointView, first: OperationView): PlanWish {
  return { endpoint: name, revert: true, revertOperationId: first.id };
}

/** The oldest operation that led an endpoint past a revision: its starting set is what the endpoint was then. */
export function firstPast(operations: readonly OperationView[], revision: number): OperationView | undefined {
  const past = operations.filter((one) => !one.isRevert && one.targetRevision > revision && hasChanged(one));
  return past.toSorted((one, other) => one.createdAtMs - other.createdAtMs)[0];
}

function hasChanged({ state }: OperationView): boolean {
  return state === "succeeded" || state === "degraded" || state === "interrupted" || state === "failed";
}
