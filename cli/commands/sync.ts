// `pacpool sync`: machines move to their pool's target, each in one pacman transaction that was shown before.
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { Connection } from "../../rpc/connection.ts";
import { type Access, withServer } from "../connect.ts";
import { requireConsentPossible } from "../consent.ts";
import { planAskRun } from "../deed/plan-ask-run.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { UsageError } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";
import { listEndpoints } from "./endpoint.ts";

export const sync = verb({
  repeatable: ["endpoint"],
  options: (yargs) =>
    yargs
      .option("endpoint", {
        type: "string",
        array: true,
        default: [] as string[],
        requiresArg: true,
        describe: "this one; may be given more than once",
      })
      .option("pool", {
        type: "string",
        requiresArg: true,
        describe: "all machines of the pool that are not there yet",
      })
      .option("downgrade", {
        type: "boolean",
        default: false,
        describe: "with --yes: also bring back a machine that is ahead of the target",
      })
      .option("yes", { type: "boolean", alias: "y", default: false, describe: "do not ask" })
      .option("detach", { type: "boolean", default: false, describe: "do not wait; print the operations' ids" })
      .option("message", { type: "string", alias: "m", hidden: true })
      .example("$0 sync", "this machine: shows the plan, asks, runs it, proves it")
      .example("$0 sync --pool main --yes", "every machine of the pool that is behind or diverged"),
  run: async (context) => {
    const { endpoint, pool, downgrade, yes, detach } = context.options;
    if (endpoint.length > 0 && pool !== undefined) throw new UsageError("give --endpoint or --pool, not both");
    requireConsentPossible(context, yes);
    return await withServer(context, async (connection, access) => {
      const names = await findEndpoints(context, connection, access, endpoint, pool);
      const wishes = names.map((name) => ({ endpoint: name, revert: false }));
      return await planAskRun(context, connection, wishes, {
        isAgreed: yes,
        detach,
        mayDowngrade: downgrade,
        nothing: "Everything is as the target wants it.",
      });
    });
  },
});

async function findEndpoints(
  context: Context,
  connection: Connection,
  access: Access,
  named: readonly string[],
  pool: string | undefined,
): Promise<readonly string[]> {
  if (named.length > 0) return [...new Set(named)];
  if (pool === undefined) return [await findThisEndpoint(access, context.environment)];
  const endpoints = await listEndpoints(connection, pool, context.signal);
  for (const one of endpoints) {
    const why = whyLeftOut(one);
    if (why !== undefined) context.terminal.note(`${one.name}: left as it is: ${why}`);
  }
  return endpoints.filter((one) => one.status !== "in-sync" && whyLeftOut(one) === undefined).map(({ name }) => name);
}

/** What a sync of a whole pool does not touch although it is not in sync. */
function whyLeftOut({ status, isOnline, reasons, operationId }: EndpointView): string | undefined {
  switch (status) {
    case "in-sync":
      return undefined;
    case "ahead":
      return "it is ahead; publish it with set-latest, or bring it back with --endpoint and --downgrade";
    case "syncing":
      return `operation ${operationId} is under way`;
    case "pending-approval":
      return operationId === "" ? (reasons[0] ?? status) : `operation ${operationId} waits for approval`;
    case "unknown":
    case "blocked":
      return reasons[0] ?? status;
    default:
      return isOnline ? undefined : "its agent is not connected";
  }
}
