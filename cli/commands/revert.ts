// `pacpool revert`: machines go back to their own whole set from before. For a pool the bad target is marked and the one
// before it becomes the newest again.
import { randomUUID } from "node:crypto";
import type { OperationView } from "../../rpc/codec/operation.ts";
import { decodeTarget } from "../../rpc/codec/target.ts";
import type { Connection } from "../../rpc/connection.ts";
import { type Access, withServer } from "../connect.ts";
import { requireConsentPossible } from "../consent.ts";
import type { PlanWish } from "../deed/collect-plans.ts";
import { planAskRun } from "../deed/plan-ask-run.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { attempting } from "../failure.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { UsageError, VerbFailure } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";
import { listEndpoints } from "./endpoint.ts";
import { listOperations } from "./operation.ts";
import { revisionOf } from "./target.ts";

/** How far back operations are looked through. */
const MAX_OPERATIONS = 2_000;

interface RevertOptions {
  readonly to: number | undefined;
  readonly yes: boolean;
  readonly detach: boolean;
  readonly message: string;
}

export const revert = verb({
  options: (yargs) =>
    yargs
      .option("endpoint", { type: "string", requiresArg: true, describe: "only this machine; the target stays" })
      .option("pool", {
        type: "string",
        requiresArg: true,
        describe: "the pool's target and every machine that had followed it",
      })
      .option("to", { type: "number", requiresArg: true, describe: "back to how it was under that target revision" })
      .option("message", {
        type: "string",
        alias: "m",
        default: "",
        requiresArg: true,
        describe: "why, for the history",
      })
      .option("yes", { type: "boolean", alias: "y", default: false, describe: "do not ask" })
      .option("detach", { type: "boolean", default: false, describe: "do not wait; print the operations' ids" })
      .example("$0 revert", "this machine, to its own set from before the last sync")
      .example("$0 revert --pool main --to 3", "target 3 comes back, and every machine with it"),
  run: async (context) => {
    const { endpoint, pool, to, yes, detach, message } = context.options;
    if (endpoint !== undefined && pool !== undefined) throw new UsageError("give --endpoint or --pool, not both");
    if (to !== undefined) revisionOf(to, "--to");
    requireConsentPossible(context, yes);
    const wanted = { to, yes, detach, message };
    return await withServer(context, (connection, access) =>
      pool === undefined
        ? revertEndpoint(context, connection, access, endpoint, wanted)
        : revertPool(context, connection, pool, wanted),
    );
  },
});

async function revertEndpoint(
  context: Context,
  connection: Connection,
  access: Access,
  named: string | undefined,
  { to, yes, detach }: RevertOptions,
): Promise<ExitCode> {
  const endpoint = named ?? (await findThisEndpoint(access, context.environment));
  let wish: PlanWish = { endpoint, revert: true };
  if (to !== undefined) {
    const operations = await listOperations(connection, { endpoint }, MAX_OPERATIONS, context.signal);
    const first = firstPast(operations, to);
    if (first === undefined) {
      throw new VerbFailure(EXIT.refused, `no operation brought ${endpoint} past target ${String(to)}`, {
        advice: "See `pacpool operation list --endpoint` and `pacpool target history`.",
      });
    }
    wish = { ...wish, revertOperationId: first.id };
  }
  return await planAskRun(context, connection, [wish], {
    isAgreed: yes,
    detach,
    nothing: "There is nothing to go back to.",
  });
}

async function revertPool(
  context: Context,
  connection: Connection,
  pool: string,
  { to, yes, detach, message }: RevertOptions,
): Promise<ExitCode> {
  const { signal, terminal } = context;
  const targets = await connection.targets.listTargets({ pool, pageSize: 500 }, { signal });
  const history = targets.targets.map(decodeTarget);
  const present = history[0];
  if (present === undefined)
    throw new VerbFailure(EXIT.refused, `pool ${pool} has no target, so there is nothing to revert`);
  const back =
    to === undefined ? history.slice(1).find(({ bad }) => !bad) : history.find(({ revision }) => revision === to);
  if (back === undefined || back.revision === present.revision) {
    throw new VerbFailure(EXIT.refused, `pool ${pool} has no other target to go back to`, {
      advice: `See \`pacpool target history ${pool}\`; a single machine goes back with --endpoint.`,
    });
  }
  const endpoints = await listEndpoints(connection, pool, signal);
  const operations = await listOperations(connection, { pool }, MAX_OPERATIONS, signal);
  const wishes = endpoints.flatMap(({ name, id }): readonly PlanWish[] => {
    const first = firstPast(
      operations.filter(({ endpointId }) => endpointId === id),
      back.revision,
    );
    return first === undefined ? [] : [{ endpoint: name, revert: true, revertOperationId: first.id }];
  });
  terminal.note(
    `Target ${String(back.revision)} becomes the newest of pool ${pool} again, target ${String(present.revision)} is marked bad.`,
  );
  return await planAskRun(context, connection, wishes, {
    isAgreed: yes,
    detach,
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

/** The oldest operation that led an endpoint past a revision: its starting set is what the endpoint was then. */
function firstPast(operations: readonly OperationView[], revision: number): OperationView | undefined {
  const past = operations.filter((one) => !one.isRevert && one.targetRevision > revision && hasChanged(one));
  return past.toSorted((one, other) => one.createdAtMs - other.createdAtMs)[0];
}

function hasChanged({ state }: OperationView): boolean {
  return state === "succeeded" || state === "degraded" || state === "interrupted" || state === "failed";
}
