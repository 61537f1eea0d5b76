// What a deed shows before it asks: every plan, removals first, and who cannot have one and why.
import type { Plan } from "../../domain/plan/plan.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { tellFailure } from "../failure.ts";
import { isEmptyPlan, planHeadline, printPlan } from "../output/plan.ts";
import type { Terminal } from "../terminal.ts";
import type { PlanOutcome, Refused } from "./collect-plans.ts";

export interface ApprovablePlan {
  readonly endpoint: string;
  readonly plan: Plan;
}

export interface ShownPlans {
  /** Those that would change something. */
  readonly plans: readonly ApprovablePlan[];
  /** What the deed would exit with even if every operation succeeded. */
  readonly exitCode: ExitCode;
}

/** More plans than that are shown by their headlines only. */
const MAX_WHOLE_PLANS = 8;

export async function showPlans(
  terminal: Terminal,
  outcomes: readonly PlanOutcome[],
  isQuiet: boolean,
): Promise<ShownPlans> {
  const plans: ApprovablePlan[] = [];
  let exitCode: ExitCode = EXIT.done;
  const isShort = outcomes.filter(({ kind }) => kind === "plan").length > MAX_WHOLE_PLANS;
  for (const outcome of outcomes) {
    if (outcome.kind === "plan") {
      const { endpoint, plan } = outcome;
      if (!isEmptyPlan(plan)) plans.push({ endpoint, plan });
      if (isQuiet) continue;
      if (isShort || isEmptyPlan(plan)) terminal.print(planHeadline(plan, endpoint));
      else printPlan(terminal, plan, endpoint);
    } else {
      const { why, code } = await whyNot(outcome);
      terminal.note(`${outcome.endpoint}: no plan: ${why}`);
      exitCode = exitCode === EXIT.done || exitCode === code ? code : EXIT.failed;
    }
  }
  return { plans, exitCode };
}

/** The sentence and its details, one per line. */
export function refusalText({ message, reason, details }: Refused): string {
  return [message === "" ? reason : message, ...details.map((detail) => `  ${detail}`)].join("\n");
}

async function whyNot(
  outcome: Exclude<PlanOutcome, { kind: "plan" }>,
): Promise<{ readonly why: string; readonly code: ExitCode }> {
  if (outcome.kind === "refusal") return { why: refusalText(outcome.refusal), code: EXIT.refused };
  const { why, exitCode } = await tellFailure(outcome.error);
  return { why, code: exitCode };
}
