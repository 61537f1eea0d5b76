// A deed on this machine without the server: the plan is shown, somebody agrees, exactly this plan runs, and the verb exits
// with the outcome.
import type { Plan } from "../../domain/plan/plan.ts";
import { askConsent } from "../consent.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { HandQuestion, OwnHand } from "../machine/own-hand.ts";
import { operationJson } from "../output/operation.ts";
import { isEmptyPlan, printPlan } from "../output/plan.ts";
import { counted } from "../output/words.ts";
import type { Terminal } from "../terminal.ts";
import type { Context } from "../verb.ts";
import { openProgressView } from "./progress-view.ts";
import { exitCodeOf } from "./run-plans.ts";

/** A screen has 24 lines. */
const MAX_TOLD = 12;

export interface HereOptions {
  /** --yes */
  readonly isAgreed: boolean;
  /** What to say when the plan would change nothing. */
  readonly nothing: string;
  /** With JSON the verb has more to say than the operation. */
  readonly isSilent?: boolean;
}

export async function runHere(
  context: Context,
  hand: OwnHand,
  question: HandQuestion,
  deed: HereOptions,
): Promise<ExitCode> {
  const { terminal, options } = context;
  const isJson = options.output === "json";
  const isOwnJson = isJson && deed.isSilent !== true;
  const plan = await hand.plan(question);
  if (isEmptyPlan(plan)) return await runEmpty(context, hand, question, plan, deed);
  if (!isJson) printPlan(terminal, plan, hand.name);
  const removals = plan.steps.filter(({ action }) => action === "remove").length;
  const warning = removals === 0 ? "" : ` (removes ${counted(removals, "package")})`;
  if (!(await askConsent(context, deed.isAgreed, `Run this on ${hand.name}${warning}?`))) return EXIT.failed;
  const view = openProgressView(terminal, isJson);
  const ended = await hand.run(plan, view.show);
  view.close();
  if (isOwnJson) terminal.printJson([operationJson(ended)]);
  for (const problem of ended.problems) terminal.note(`${hand.name}: ${problem}`);
  if (!isJson && (ended.state === "succeeded" || ended.state === "degraded")) await tellWaiting(terminal, hand);
  if (ended.state === "interrupted") terminal.note("Run it again: it goes on where this one was cut off.");
  return exitCodeOf(ended);
}

/** The operation is over; what it cannot decide is a person's. */
async function tellWaiting(terminal: Terminal, hand: OwnHand): Promise<void> {
  const waiting = await hand.waiting().catch(() => []);
  for (const what of waiting.slice(0, MAX_TOLD)) terminal.note(`  ${what}`);
  if (waiting.length > MAX_TOLD) terminal.note(`  and ${String(waiting.length - MAX_TOLD)} more: pacpool inbox`);
}

/** No package changes; after an update the newest databases become the machine's own all the same. */
async function runEmpty(
  { terminal, options }: Context,
  hand: OwnHand,
  question: HandQuestion,
  plan: Plan,
  { nothing, isSilent }: HereOptions,
): Promise<ExitCode> {
  if (options.output !== "json") terminal.note(nothing);
  else if (isSilent !== true) terminal.printJson([]);
  if (question.kind === "revert") return EXIT.done;
  const ended = await hand.run(plan, () => undefined);
  for (const problem of ended.problems) terminal.note(`${hand.name}: ${problem}`);
  return exitCodeOf(ended);
}
