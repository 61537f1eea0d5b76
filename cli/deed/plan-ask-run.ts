// The shape of every deed that changes machines: plans are made and shown, somebody agrees, exactly these plans run.
import { waysOut } from "../../domain/drift/ways-out.ts";
import type { Plan, PlanAction } from "../../domain/plan/plan.ts";
import type { Connection } from "../../rpc/connection.ts";
import { askConsent } from "../consent.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { counted } from "../output/words.ts";
import type { Terminal } from "../terminal.ts";
import type { Context } from "../verb.ts";
import { collectPlans, type PlanWish } from "./collect-plans.ts";
import { runPlans, worse } from "./run-plans.ts";
import { type ApprovablePlan, type ShownPlans, showPlans } from "./show-plans.ts";

export interface DeedOptions {
  /** --yes */
  readonly isAgreed: boolean;
  readonly detach: boolean;
  /** What to say when no plan would change anything. */
  readonly nothing: string;
  /** Whether a machine that is ahead may be brought back without being asked for it by name. */
  readonly mayDowngrade: boolean;
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
  const shown = await showPlans(terminal, outcomes, isQuiet || isJson);
  const { plans, exitCode } = deed.isAgreed && !deed.mayDowngrade ? leaveAhead(terminal, shown) : shown;
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

/** --yes says yes to moving forward. Who upgraded by hand is not downgraded by a timer. */
function leaveAhead(terminal: Terminal, { plans, exitCode }: ShownPlans): ShownPlans {
  const ahead = plans.filter(({ plan }) => isWayBack(plan));
  for (const { endpoint } of ahead) {
    const ways = waysOut({ name: endpoint, status: "ahead" }).map(({ verb, does }) => `${does}: ${verb}`);
    terminal.note([`${endpoint}: left as it is, since it is ahead of the target`, ...ways].join("\n  "));
  }
  return {
    plans: plans.filter((one) => !ahead.includes(one)),
    exitCode: ahead.length === 0 ? exitCode : worse(exitCode, EXIT.refused),
  };
}

/** Nothing but downgrades, and what they bring with them. */
function isWayBack({ steps, isRevert }: Plan): boolean {
  return (
    !isRevert && steps.some(({ action }) => action === "downgrade") && !steps.some(({ action }) => action === "upgrade")
  );
}

function count(plans: readonly ApprovablePlan[], wanted: PlanAction): number {
  return plans.reduce((sum, { plan }) => sum + plan.steps.filter(({ action }) => action === wanted).length, 0);
}

function question(plans: readonly ApprovablePlan[]): string {
  const [removals, downgrades] = [count(plans, "remove"), count(plans, "downgrade")];
  const where = plans.length === 1 ? `on ${plans[0]?.endpoint ?? "it"}` : `on ${counted(plans.length, "machine")}`;
  const warnings = [
    ...(removals === 0 ? [] : [`removes ${counted(removals, "package")}`]),
    ...(downgrades === 0 ? [] : [`downgrades ${counted(downgrades, "package")}`]),
  ];
  const warning = warnings.length === 0 ? "" : ` (${warnings.join(", ")})`;
  return plans.length === 0
    ? "Restore the target?"
    : `Run ${plans.length === 1 ? "this" : "these"} ${where}${warning}?`;
}
