// This machine goes back without the server: by its agent, or by this process when no agent lives; also a system that is
// mounted below a folder. An interrupted revert is brought to its end before another is thought of.
import type { Moment } from "../../agent/moments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { agentAnswers, askLocalAgent } from "../local-agent.ts";
import { aimHere, openOwnHand } from "../machine/open-own-hand.ts";
import type { OwnHand } from "../machine/own-hand.ts";
import { momentJson, printMoments } from "../output/moment.ts";
import { operationJson } from "../output/operation.ts";
import { VerbFailure } from "../usage-error.ts";
import type { Context } from "../verb.ts";
import { runHere } from "./run-here.ts";
import { exitCodeOf } from "./run-plans.ts";

export interface ReturnWish {
  /** Where another system is mounted. */
  readonly root: string | undefined;
  readonly to: number | undefined;
  readonly operation: string | undefined;
  /** --yes */
  readonly isAgreed: boolean;
}

export async function revertHere(context: Context, { root, to, operation, isAgreed }: ReturnWish): Promise<ExitCode> {
  await using hand = await openOwnHand(context, { root });
  const finished = tellLeft(context, hand);
  if (finished !== undefined && to === undefined && operation === undefined) return finished;
  const operationId = operation ?? (to === undefined ? undefined : operationPast(await hand.moments(), to));
  const question = { kind: "revert", ...(operationId === undefined ? {} : { operationId }) } as const;
  return await runHere(context, hand, question, { isAgreed, nothing: "The machine is as it was then already." });
}

/** The moments that this machine can be returned to. Changes nothing and needs no server. */
export async function listMomentsHere(context: Context, root: string | undefined): Promise<ExitCode> {
  const { terminal, options } = context;
  const moments = await momentsHere(context, root);
  if (options.output === "json") terminal.printJson(moments.map(momentJson));
  else if (moments.length === 0) terminal.note("No operation of pacpool has changed this machine yet.");
  else printMoments(terminal, moments);
  return EXIT.done;
}

async function momentsHere(context: Context, root: string | undefined): Promise<readonly Moment[]> {
  if (root === undefined && (await agentAnswers(context))) {
    return (await askLocalAgent(context, { do: "moments" })) as readonly Moment[];
  }
  const { readMoments } = await import("../../agent/moments.ts");
  return await readMoments((await aimHere(context, root)).config);
}

/** The outcome of a revert that an earlier run had left and that is over now; undefined when there was none. */
function tellLeft({ terminal, options }: Context, hand: OwnHand): ExitCode | undefined {
  for (const { isRevert, state, problems } of hand.left) {
    terminal.note(`An earlier ${isRevert ? "revert" : "sync"} of ${hand.name} was cut off: now it is ${state}.`);
    for (const problem of problems) terminal.note(`  ${problem}`);
  }
  const last = hand.left.findLast(({ isRevert, state }) => isRevert && (state === "succeeded" || state === "degraded"));
  if (last === undefined) return undefined;
  if (options.output === "json") terminal.printJson([operationJson(last)]);
  else terminal.note("To go back further, run `pacpool revert` again.");
  return exitCodeOf(last);
}

/** The oldest operation that led past a target: the machine was then as it was under it. */
function operationPast(moments: readonly Moment[], revision: number): string {
  const first = moments.findLast((one) => !one.isRevert && one.targetRevision > revision);
  if (first !== undefined) return first.operationId;
  throw new VerbFailure(EXIT.refused, `no operation that is kept here led past target ${String(revision)}`, {
    advice: "See `pacpool revert --list`; --operation takes one of them.",
  });
}
