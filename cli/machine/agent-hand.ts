// The agent of this machine does it, asked over its socket: no server is needed. It goes on when whoever asked goes away.
import { setTimeout as delay } from "node:timers/promises";
import type { Moment } from "../../agent/moments.ts";
import { OPERATION_STATE_KINDS, OPERATION_STEPS } from "../../domain/operation/lifecycle.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import { isOver } from "../deed/follow-operation.ts";
import { askLocalAgent } from "../local-agent.ts";
import type { Context } from "../verb.ts";
import { viewOfPlan } from "./local-operation.ts";
import type { HandQuestion, OwnHand } from "./own-hand.ts";

/** A socket answers in a millisecond; a person sees no difference below this. */
const POLL_MS = 150;
/** The agent may be restarted by the very transaction; systemd has it back within seconds. */
const MAX_ABSENCE_MS = 2 * 60_000;

export async function openAgentHand(context: Context): Promise<OwnHand> {
  const name = nameOf(await askLocalAgent(context, { do: "status" }));
  return {
    name,
    left: [],
    // The agent sends them as it has them; both are of one installation.
    moments: async () => (await askLocalAgent(context, { do: "moments" })) as readonly Moment[],
    plan: async (question) => (await askLocalAgent(context, { do: "plan", ...wordsOf(question) })) as Plan,
    waiting: async () => waitingOf(await askLocalAgent(context, { do: "status" })),
    run: async (plan, show) => {
      const { id } = (await askLocalAgent(context, { do: "run", plan: plan.digest })) as { readonly id: string };
      return await follow(context, viewOfPlan(plan, id, name), show);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function wordsOf(question: HandQuestion) {
  if (question.kind === "update") return { update: true };
  if (question.kind === "repair") return { repair: true };
  const { operationId } = question;
  return { revert: true, ...(operationId === undefined ? {} : { revertOperation: operationId }) };
}

async function follow(
  context: Context,
  begun: OperationView,
  show: (operation: OperationView) => void,
): Promise<OperationView> {
  let heardAtMs = Date.now();
  for (;;) {
    const answer = await askLocalAgent(context, { do: "operation", id: begun.id }).catch((error: unknown) => {
      if (!isAbsent(error) || Date.now() - heardAtMs > MAX_ABSENCE_MS) throw error;
      return undefined;
    });
    if (answer !== undefined) {
      heardAtMs = Date.now();
      const now = moved(begun, answer);
      show(now);
      if (isOver(now)) return now;
    }
    await delay(POLL_MS, undefined, { signal: context.signal }).catch((error: unknown) => {
      context.terminal.note(`The agent goes on with it; \`pacpool status\` tells how far it is.`);
      throw context.signal.aborted ? context.signal.reason : error;
    });
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && error.name === "AgentUnreachableError";
}

/** Of an agent of another version nothing is believed but what is understood. */
function moved(begun: OperationView, answer: unknown): OperationView {
  const { state, step, percent, message, problems } = answer as Readonly<Record<string, unknown>>;
  return {
    ...begun,
    state: OPERATION_STATE_KINDS.find((one) => one === state) ?? "running",
    step: OPERATION_STEPS.find((one) => one === step),
    percent: typeof percent === "number" ? percent : 0,
    message: typeof message === "string" ? message : "",
    problems: Array.isArray(problems) ? problems.filter((one) => typeof one === "string") : [],
  };
}

function waitingOf(status: unknown): readonly string[] {
  const { waiting } = status as { readonly waiting?: readonly { readonly what?: unknown }[] };
  return (waiting ?? []).flatMap(({ what }) => (typeof what === "string" ? [what] : []));
}

function nameOf(status: unknown): string {
  const name = typeof status === "object" && status !== null && "name" in status ? status.name : undefined;
  return typeof name === "string" ? name : "this machine";
}
