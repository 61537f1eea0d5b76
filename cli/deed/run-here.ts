// A deed on this machine without the server: the plan is shown, somebody agrees, exactly this plan runs, and the verb exits
// with the outcome.
import { askConsent } from "../consent.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { HandQuestion, OwnHand } from "../machine/own-hand.ts";
import { operationJson } from "../output/operation.ts";
import { isEmptyPlan, printPlan } from "../output/plan.ts";
import { counted } from "../output/words.ts";
import type { Context } from "../verb.ts";
import { openProgressView } from "./progress-view.ts";
import { exitCodeOf } from "./run-plans.ts";

export interface HereOptions {
  /** --yes */
  readonly isAgreed: boolean;
  /** What to say when the plan would change nothing. */
  readonly nothing: string;
}

export async function runHere(
  context: Context,
  hand: OwnHand,
  question: HandQuestion,
  deed: HereOptions,
): Promise<ExitCode> {
  const { terminal, options } = context;
  const isJson = options.output === "json";
  const plan = await hand.plan(question);
  if (isEmptyPlan(plan)) {
    if (isJson) terminal.printJson([]);
    else terminal.note(deed.nothing);
    return EXIT.done;
  }
  if (!isJson) printPlan(terminal, plan, hand.name);
  const removals = plan.steps.filter(({ action }) => action === "remove").length;
  const warning = removals === 0 ? "" : ` (removes ${counted(removals, "package")})`;
  if (!(await askConsent(context, deed.isAgreed, `Run this on ${hand.name}${warning}?`))) return EXIT.failed;
  const view = openProgressView(terminal, isJson);
  const ended = await hand.run(plan, view.show);
  view.close();
  if (isJson) terminal.printJson([operationJson(ended)]);
  for (const problem of ended.problems) terminal.note(`${hand.name}: ${problem}`);
  if (ended.state === "interrupted")
    terminal.note("Run `pacpool revert` again: it goes on where this one was cut off.");
  return exitCodeOf(ended);
}
