// The shape of every deed that changes machines: plans are made and shown, somebody agrees, exactly these plans run.
import type { Connection } from "../../rpc/connection.ts";
import { askConsent } from "../consent.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { counted } from "../output/words.ts";
import type { Context } from "../verb.ts";
import { collectPlans, type PlanWish } from "./collect-plans.ts";
import { runPlans, worse } from "./run-plans.ts";
import { type ApprovablePlan, showPlans } from "./show-plans.ts";

export interface DeedOptions {
  /** --yes */
  readonly isAgreed: boolean;
  readonly detach: boolean;
  /** What to say when no plan would change anything. */
  readonly nothing: string;
  /** Done after the consent and before the first operation. */
  readonly before?: () => Promise<void>;
}

export async function planAskRun(
  context: Context,
  connection: Connection,
  wishes: readonly PlanWish[],
  deed: DeedOptions,
): Promise<ExitCode> {
  const { terminal, options, signal } = context;
  const isJson = options.output === "json";
  const isQuiet = isJson && deed.isAgreed;
  if (wishes.length > 0 && !isJson) {
    terminal.note(
      `Asking ${wishes.length === 1 ? (wishes[0]?.endpoint ?? "") : counted(wishes.length, "machine")} for a plan...`,
    );
  }
  const outcomes = await collectPlans(connection, wishes, signal);
  const { plans, exitCode } = await showPlans(terminal, outcomes, isQuiet || isJson);
  const hasFirst = deed.before !== undefined;
  if (plans.length === 0 && !hasFirst) {
    if (isJson) terminal.printJson([]);
    else if (exitCode === EXIT.done) terminal.note(deed.nothing);
    return exitCode;
  }
  if (!(await askConsent(context, deed.isAgreed, question(plans)))) return EXIT.failed;
  await deed.before?.();
  return worse(exitCode, await runPlans(context, connection, plans, { detach: deed.detach }));
}

function question(plans: readonly ApprovablePlan[]): string {
  const removals = plans.reduce(
    (sum, { plan }) => sum + plan.steps.filter(({ action }) => action === "remove").length,
    0,
  );
  const where = plans.length === 1 ? `on ${plans[0]?.endpoint ?? "it"}` : `on ${counted(plans.length, "machine")}`;
  const warning = removals === 0 ? "" : ` (removes ${counted(removals, "package")})`;
  return plans.length === 0
    ? "Restore the target?"
    : `Run ${plans.length === 1 ? "this" : "these"} ${where}${warning}?`;
}
