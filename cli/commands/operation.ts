// `pacpool operation ...`: executions of plans, listed, followed, approved, cancelled, repaired.
import { randomUUID } from "node:crypto";
import { decodeOperation, decodeOperationLog, type OperationView } from "../../rpc/codec/operation.ts";
import { decodePlan } from "../../rpc/codec/plan.ts";
import type { Connection } from "../../rpc/connection.ts";
import { withServer } from "../connect.ts";
import { askConsent, requireConsentPossible } from "../consent.ts";
import { askPlan } from "../deed/collect-plans.ts";
import { followOperation } from "../deed/follow-operation.ts";
import { openProgressView } from "../deed/progress-view.ts";
import { repairEndpoint, repairHere } from "../deed/repair-endpoint.ts";
import { adviceFor, exitCodeOf } from "../deed/run-plans.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { operationJson, printOperation, printOperations } from "../output/operation.ts";
import { operationLogJson, printOperationLog } from "../output/operation-log.ts";
import { planJson, printPlan } from "../output/plan.ts";
import { collectPages } from "../pages.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { VerbFailure } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

interface OperationFilter {
  readonly pool?: string;
  readonly endpoint?: string;
  readonly active?: boolean;
}

/** Newest first. */
export async function listOperations(
  connection: Connection,
  filter: OperationFilter,
  limit: number,
  signal: AbortSignal,
): Promise<readonly OperationView[]> {
  const wire = await collectPages(async (pageToken) => {
    const request = { ...filter, pageSize: Math.min(500, Math.max(1, limit)), pageToken };
    const page = await connection.operations.listOperations(request, { signal });
    return { items: page.operations, nextPageToken: page.nextPageToken };
  }, limit);
  return wire.map(decodeOperation);
}

const id = { type: "string", demandOption: true, describe: "as `pacpool operation list` shows it" } as const;

export const operationVerbs = {
  list: verb({
    options: (yargs) =>
      yargs
        .option("pool", { type: "string", requiresArg: true, describe: "only those of this pool" })
        .option("endpoint", { type: "string", requiresArg: true, describe: "only those of this endpoint" })
        .option("active", { type: "boolean", default: false, describe: "only those that have not finished" })
        .option("limit", { type: "number", default: 50, requiresArg: true, describe: "at most that many" })
        .example("$0 operation list --active", "what is under way"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { options, terminal, signal } = context;
        const filter = { pool: options.pool ?? "", endpoint: options.endpoint ?? "", active: options.active };
        const operations = await listOperations(connection, filter, options.limit, signal);
        if (options.output === "json") terminal.printJson(operations.map(operationJson));
        else if (operations.length === 0) terminal.note("There is no operation like that; `pacpool sync` begins one.");
        else printOperations(terminal, operations);
        return undefined;
      }),
  }),

  show: verb({
    options: (yargs) =>
      yargs
        .positional("id", id)
        .option("plan", { type: "boolean", default: false, describe: "its plan too" })
        .option("log", { type: "boolean", default: false, describe: "what it said on its way, too" })
        .example("$0 operation show op-1 --plan", "what it did, package by package")
        .example("$0 operation show op-1 --log", "how far it came, and when"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { options, terminal, signal } = context;
        const answer = await connection.operations.getOperation({ id: options.id }, { signal });
        const operation = required(answer.operation);
        const plan = options.plan && answer.plan !== undefined ? decodePlan(answer.plan) : undefined;
        const log = options.log ? decodeOperationLog(answer.log) : undefined;
        if (options.output === "json") {
          const planned = plan === undefined ? {} : { plan: planJson(plan, operation.endpoint) };
          const logged = log === undefined ? {} : { log: operationLogJson(log) };
          terminal.printJson({ ...operationJson(operation), ...planned, ...logged });
          return undefined;
        }
        printOperation(terminal, operation);
        if (plan !== undefined) printPlan(terminal, plan, operation.endpoint);
        if (log !== undefined) printOperationLog(terminal, log);
        return undefined;
      }),
  }),

  watch: verb({
    options: (yargs) =>
      yargs.positional("id", id).example("$0 operation watch op-1", "follows it and exits with its outcome"),
    run: async (context) => await withServer(context, (connection) => watch(context, connection, context.options.id)),
  }),

  approve: verb({
    options: (yargs) =>
      yargs
        .positional("id", id)
        .option("plan", {
          type: "string",
          requiresArg: true,
          describe: "digest of the plan that you saw; else its machine makes a new one, which is shown",
        })
        .option("yes", { type: "boolean", alias: "y", default: false, describe: "do not ask" })
        .example("$0 operation approve op-1", "shows the plan as it is after all decisions, and runs it"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { options, signal } = context;
        const shown = await connection.operations.getOperation({ id: options.id }, { signal });
        const planDigest = options.plan ?? (await newerPlan(context, connection, required(shown.operation)));
        if (planDigest === undefined) return undefined;
        const request = { idempotencyKey: randomUUID(), id: options.id, planDigest };
        const { operation } = await connection.operations.approveOperation(request, { signal });
        return show(context, required(operation));
      }),
  }),

  cancel: verb({
    options: (yargs) =>
      yargs
        .positional("id", id)
        .example("$0 operation cancel op-1", "before its transaction begins; later it is refused"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { options, signal } = context;
        const request = { idempotencyKey: randomUUID(), id: options.id };
        const { operation } = await connection.operations.cancelOperation(request, { signal });
        return show(context, required(operation));
      }),
  }),

  repair: verb({
    options: (yargs) =>
      yargs
        .positional("id", {
          type: "string",
          describe: "of an interrupted operation, as `pacpool operation list` shows it",
        })
        .option("endpoint", { type: "string", requiresArg: true, describe: "torn entries and locks of that machine" })
        .option("root", { type: "string", requiresArg: true, describe: "the system that is mounted there" })
        .option("offline", { type: "boolean", default: false, describe: "this machine, without asking the server" })
        .option("yes", { type: "boolean", alias: "y", default: false, describe: "do not ask" })
        .option("detach", { type: "boolean", default: false, describe: "do not wait; print the operation's id" })
        .example("$0 operation repair op-1", "brings an interrupted operation to its end")
        .example("$0 operation repair", "installs again what pacman's database of this machine has torn entries of"),
    run: async (context) => {
      const { root, offline, yes } = context.options;
      if (offline || root !== undefined) return await repairHere(context, { root, yes });
      return await withServer(context, async (connection, access) => {
        const { options, signal, terminal } = context;
        if (options.id === undefined) {
          const endpoint = options.endpoint ?? (await findThisEndpoint(access, context.environment));
          return await repairEndpoint(context, connection, endpoint, options);
        }
        const request = { idempotencyKey: randomUUID(), id: options.id };
        const { operation } = await connection.operations.repairOperation(request, { signal });
        const started = required(operation);
        if (!options.detach) return await watch(context, connection, started.id);
        if (options.output === "json") terminal.printJson(operationJson(started));
        else terminal.print(started.id);
        return EXIT.done;
      });
    },
  }),
} as const;

/** A plan that knows every decision; undefined when the person says no. Throws what the endpoint refuses. */
async function newerPlan(
  context: Context & { readonly options: { readonly yes: boolean } },
  connection: Connection,
  operation: OperationView,
): Promise<string | undefined> {
  const { options, terminal, signal } = context;
  if (operation.state !== "pending-approval") return operation.planDigest;
  requireConsentPossible(context, options.yes);
  const outcome = await askPlan(connection, { endpoint: operation.endpointId, revert: operation.isRevert }, signal);
  if (outcome.kind === "error") throw outcome.error;
  if (outcome.kind === "refusal") {
    const { message, details } = outcome.refusal;
    throw new VerbFailure(EXIT.refused, [`${operation.endpoint}: ${message}`, ...details].join("\n"));
  }
  if (options.output !== "json") printPlan(terminal, outcome.plan, operation.endpoint);
  return (await askConsent(context, options.yes, `Run it on ${operation.endpoint}?`)) ? outcome.plan.digest : undefined;
}

async function watch(context: Context, connection: Connection, operationId: string): Promise<ExitCode> {
  const { options, terminal, signal } = context;
  const isJson = options.output === "json";
  const view = openProgressView(terminal, isJson);
  const ended = await followOperation(connection, operationId, {
    signal,
    onState: view.show,
    onAbsence: () => {
      view.absent(operationId);
    },
  });
  view.close();
  if (isJson) terminal.printJson(operationJson(ended));
  for (const problem of ended.problems) terminal.note(problem);
  const advice = adviceFor(ended);
  if (advice !== undefined) terminal.note(advice);
  return exitCodeOf(ended);
}

function show({ options, terminal }: Context, operation: OperationView): undefined {
  if (options.output === "json") terminal.printJson(operationJson(operation));
  else printOperation(terminal, operation);
  return undefined;
}

function required(operation: Parameters<typeof decodeOperation>[0] | undefined): OperationView {
  if (operation === undefined) throw new Error("the server answered without an operation");
  return decodeOperation(operation);
}
