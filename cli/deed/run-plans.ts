// Starts approved plans, waits for them and tells how they ended. A plan runs exactly as it was shown: its digest is what
// the server and the agent check.
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Refusal } from "../../domain/refusal.ts";
import { decodeOperation, type OperationView } from "../../rpc/codec/operation.ts";
import type { Connection } from "../../rpc/connection.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { Attempt, tellFailure, unwrap } from "../failure.ts";
import { operationJson } from "../output/operation.ts";
import type { Context } from "../verb.ts";
import { eachBounded } from "./each-bounded.ts";
import { followOperation } from "./follow-operation.ts";
import { openProgressView, type ProgressView } from "./progress-view.ts";
import type { ApprovablePlan } from "./show-plans.ts";

/** Streams of one connection; HTTP/2 peers commonly allow 100. */
const CONCURRENT_OPERATIONS = 64;

/** A report follows a change within a second or two. */
const REPORT_LAG_MS = 5_000;
const ASK_AGAIN_MS = 250;

type Ended =
  | { readonly kind: "operation"; readonly operation: OperationView }
  | { readonly kind: "error"; readonly endpoint: string; readonly error: unknown };

export interface RunOptions {
  readonly detach: boolean;
}

/** Exits with the outcome: 0 all proven, 4 only refusals, 1 otherwise. */
export async function runPlans(
  context: Context,
  connection: Connection,
  plans: readonly ApprovablePlan[],
  { detach }: RunOptions,
): Promise<ExitCode> {
  const isJson = context.options.output === "json";
  const view = openProgressView(context.terminal, isJson || detach);
  const underWay = new Map<string, string>();
  const tellUnderWay = (): void => {
    for (const [endpoint, id] of underWay) {
      context.terminal.note(`${endpoint}: the operation goes on; follow it with \`pacpool operation watch ${id}\``);
    }
  };
  try {
    const ended = await eachBounded(plans, CONCURRENT_OPERATIONS, async ({ endpoint, plan }): Promise<Ended> => {
      try {
        const started = await startOperation(context, connection, endpoint, plan.digest);
        underWay.set(endpoint, started.id);
        const operation = detach ? started : await follow(context, connection, started, view);
        underWay.delete(endpoint);
        return { kind: "operation", operation };
      } catch (error) {
        if (context.signal.aborted) throw error;
        return { kind: "error", endpoint, error };
      }
    });
    view.close();
    tellUnderWay();
    return detach ? await tellStarted(context, ended) : await tellEnds(context, ended);
  } catch (error) {
    view.close();
    tellUnderWay();
    throw error;
  }
}

/**
 * The server may learn a machine's newest set a moment after its agent planned from it, for example right after another
 * operation: then it is asked again. Nothing but the approved plan can start, so this approves nothing new.
 */
async function startOperation(
  { signal }: Context,
  connection: Connection,
  endpoint: string,
  planDigest: string,
): Promise<OperationView> {
  const deadline = Date.now() + REPORT_LAG_MS;
  for (;;) {
    try {
      const request = { idempotencyKey: randomUUID(), endpoint, planDigest };
      const { operation } = await connection.operations.startOperation(request, { signal });
      if (operation === undefined) throw new Error("the server started nothing and did not say why");
      return decodeOperation(operation);
    } catch (cause) {
      const isLagging = cause instanceof Refusal && cause.reason === "STALE_PLAN" && Date.now() < deadline;
      if (!isLagging) throw new Attempt("starting the operation", { cause });
    }
    await delay(ASK_AGAIN_MS, undefined, { signal });
  }
}

async function follow(
  { signal }: Context,
  connection: Connection,
  started: OperationView,
  view: ProgressView,
): Promise<OperationView> {
  view.show(started);
  return await followOperation(connection, started.id, {
    signal,
    onState: view.show,
    onAbsence: () => {
      view.absent(started.endpoint);
    },
  });
}

async function tellStarted(context: Context, ended: readonly Ended[]): Promise<ExitCode> {
  const operations = ended.flatMap((one) => (one.kind === "operation" ? [one.operation] : []));
  if (context.options.output === "json") context.terminal.printJson(operations.map(operationJson));
  else for (const { id } of operations) context.terminal.print(id);
  return await tellErrors(context, ended, EXIT.done);
}

async function tellEnds(context: Context, ended: readonly Ended[]): Promise<ExitCode> {
  const { terminal, options } = context;
  let exitCode: ExitCode = EXIT.done;
  const operations = ended.flatMap((one) => (one.kind === "operation" ? [one.operation] : []));
  for (const operation of operations) {
    exitCode = worse(exitCode, exitCodeOf(operation));
    if (operation.state === "succeeded") continue;
    for (const problem of operation.problems) terminal.note(`${operation.endpoint}: ${problem}`);
    const advice = adviceFor(operation);
    if (advice !== undefined) terminal.note(`${operation.endpoint}: ${advice}`);
  }
  if (options.output === "json") terminal.printJson(operations.map(operationJson));
  return await tellErrors(context, ended, exitCode);
}

async function tellErrors({ terminal }: Context, ended: readonly Ended[], before: ExitCode): Promise<ExitCode> {
  let exitCode = before;
  for (const one of ended) {
    if (one.kind === "operation") continue;
    const { attempts, error } = unwrap(one.error);
    const story = await tellFailure(error);
    terminal.note([one.endpoint, ...attempts, story.why].join(": "));
    exitCode = worse(exitCode, story.exitCode);
  }
  return exitCode;
}

export function exitCodeOf(operation: OperationView): ExitCode {
  if (operation.state === "succeeded") return EXIT.done;
  return operation.state === "refused" || operation.state === "pending-approval" ? EXIT.refused : EXIT.failed;
}

/** What the person can do about an end that is no success. */
export function adviceFor({ state, id }: OperationView): string | undefined {
  switch (state) {
    case "refused":
      return "nothing was changed; look again with `pacpool plan`";
    case "pending-approval":
      return `nothing was changed: the machine changed packages by itself and a person has to choose. See \`pacpool conflict list\`, choose with \`pacpool conflict resolve\`, then \`pacpool operation approve ${id}\``;
    case "interrupted":
      return `it can be brought to its end with \`pacpool operation repair ${id}\``;
    case "degraded":
    case "failed":
      return `see \`pacpool operation show ${id}\`; once the cause is gone, run it again or \`pacpool revert\``;
    default:
      return undefined;
  }
}

/** Equal codes stay; different ones are a failure. */
export function worse(one: ExitCode, other: ExitCode): ExitCode {
  if (one === EXIT.done || one === other) return other;
  return other === EXIT.done ? one : EXIT.failed;
}
