// `pacpool revert`: machines go back to their own whole set from before. For a pool the bad target is marked and the one
// before it becomes the newest again. This machine itself needs neither server nor agent for it.
import { decodeEndpoint } from "../../rpc/codec/endpoint.ts";
import type { Connection } from "../../rpc/connection.ts";
import { withServer } from "../connect.ts";
import { requireConsentPossible } from "../consent.ts";
import type { PlanWish } from "../deed/collect-plans.ts";
import { planAskRun } from "../deed/plan-ask-run.ts";
import { listMomentsHere, revertHere } from "../deed/revert-here.ts";
import { firstPast, MAX_OPERATIONS, revertPool } from "../deed/revert-pool.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { tellFailure, unwrap } from "../failure.ts";
import { hasOwnHand } from "../machine/open-own-hand.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { UsageError, VerbFailure } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";
import { listOperations } from "./operation.ts";
import { revisionOf } from "./target.ts";

interface RevertOptions {
  readonly endpoint: string | undefined;
  readonly pool: string | undefined;
  readonly to: number | undefined;
  readonly operation: string | undefined;
  readonly root: string | undefined;
  readonly offline: boolean;
  readonly list: boolean;
  readonly yes: boolean;
  readonly detach: boolean;
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
      .option("operation", { type: "string", requiresArg: true, describe: "back to right before that operation" })
      .option("list", { type: "boolean", default: false, describe: "what this machine can be returned to" })
      .option("root", {
        type: "string",
        requiresArg: true,
        describe: "the system that is mounted there, for example from a rescue stick",
      })
      .option("offline", { type: "boolean", default: false, describe: "this machine, without asking the server" })
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
      .example("$0 revert --list", "the moments that it can be returned to")
      .example("$0 revert --root /mnt", "the system below /mnt, which does not boot any more")
      .example("$0 revert --pool main --to 3", "target 3 comes back, and every machine with it"),
  run: async (context) => {
    const { options } = context;
    checkTogether(options);
    const { root, pool, endpoint, to, operation, yes, detach, message } = options;
    if (options.list) return await listMomentsHere(context, root);
    requireConsentPossible(context, yes);
    const here = { root, to, operation, isAgreed: yes };
    if (pool !== undefined) {
      const back = { to, isAgreed: yes, detach, message };
      return await withServer(context, (connection) => revertPool(context, connection, pool, back));
    }
    if (endpoint !== undefined) {
      return await withServer(context, (connection) => revertEndpoint(context, connection, endpoint, options));
    }
    const why = root !== undefined || options.offline ? "" : await whyWithoutServer(context);
    if (why === undefined) {
      return await withServer(context, async (connection, access) => {
        const name = await findThisEndpoint(access, context.environment);
        return await revertEndpoint(context, connection, name, options);
      });
    }
    if (why !== "") context.terminal.note(`Without the server (${why}):`);
    return await revertHere(context, here);
  },
});

function checkTogether({ endpoint, pool, root, offline, list, to, operation }: RevertOptions): void {
  if (endpoint !== undefined && pool !== undefined) throw new UsageError("give --endpoint or --pool, not both");
  if (to !== undefined) revisionOf(to, "--to");
  if (to !== undefined && operation !== undefined) throw new UsageError("give --to or --operation, not both");
  if (pool !== undefined && operation !== undefined) throw new UsageError("--operation is of one machine, not a pool");
  const isHere = root !== undefined || offline || list;
  if (isHere && (endpoint !== undefined || pool !== undefined)) {
    throw new UsageError("--root, --offline and --list are for this machine; leave --endpoint and --pool out");
  }
}

/** Undefined when the server can order it; else why this machine is on its own. Nothing was begun by then. */
async function whyWithoutServer(context: Context): Promise<string | undefined> {
  try {
    return await withServer(context, async (connection, access) => {
      const name = await findThisEndpoint(access, context.environment);
      const { endpoint } = await connection.endpoints.getEndpoint({ endpoint: name }, { signal: context.signal });
      const isOnline = endpoint !== undefined && decodeEndpoint(endpoint).isOnline;
      return isOnline ? undefined : "its agent is not connected";
    });
  } catch (thrown) {
    context.signal.throwIfAborted();
    const { error } = unwrap(thrown);
    const { exitCode, why } = await tellFailure(error);
    const isAway = exitCode === EXIT.network || error instanceof VerbFailure;
    if (!isAway || !(await hasOwnHand(context))) throw thrown;
    return why;
  }
}

async function revertEndpoint(
  context: Context,
  connection: Connection,
  endpoint: string,
  { to, operation, yes, detach }: RevertOptions,
): Promise<ExitCode> {
  let wish: PlanWish = { endpoint, revert: true, ...(operation === undefined ? {} : { revertOperationId: operation }) };
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
    mayDowngrade: true,
    nothing: "There is nothing to go back to.",
  });
}
