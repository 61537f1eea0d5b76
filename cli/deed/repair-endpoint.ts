// Repair of what no operation names: torn entries of pacman's database and a lock that nobody holds. The endpoint says what
// it would install again; nothing is set aside before somebody agrees.
import type { Connection } from "../../rpc/connection.ts";
import { askConsent, requireConsentPossible } from "../consent.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openOwnHand } from "../machine/open-own-hand.ts";
import { printPlan } from "../output/plan.ts";
import { VerbFailure } from "../usage-error.ts";
import type { Context } from "../verb.ts";
import { askPlan } from "./collect-plans.ts";
import { runHere } from "./run-here.ts";
import { runPlans } from "./run-plans.ts";

const NOTHING = "No entry of pacman's database is torn; a lock that nobody holds is set aside.";

export interface RepairOptions {
  readonly yes: boolean;
  readonly detach: boolean;
}

export async function repairEndpoint(
  context: Context,
  connection: Connection,
  endpoint: string,
  { yes, detach }: RepairOptions,
): Promise<ExitCode> {
  const { options, terminal, signal } = context;
  requireConsentPossible(context, yes);
  const outcome = await askPlan(connection, { endpoint, revert: false, repair: true }, signal);
  if (outcome.kind === "error") throw outcome.error;
  if (outcome.kind === "refusal") {
    const { message, details } = outcome.refusal;
    throw new VerbFailure(EXIT.refused, [`${endpoint}: ${message}`, ...details].join("\n"));
  }
  const { plan } = outcome;
  if (options.output !== "json") {
    if (plan.steps.length > 0) printPlan(terminal, plan, endpoint);
    else terminal.note(NOTHING);
  }
  if (!(await askConsent(context, yes, `Repair ${endpoint}?`))) return EXIT.failed;
  return await runPlans(context, connection, [{ endpoint, plan }], { detach });
}

/** Without the server: by this machine's agent, or by this process; also a system that is mounted below a folder. */
export async function repairHere(
  context: Context,
  { root, yes }: { readonly root: string | undefined; readonly yes: boolean },
): Promise<ExitCode> {
  await using hand = await openOwnHand(context, { root });
  return await runHere(context, hand, { kind: "repair" }, { isAgreed: yes, nothing: NOTHING });
}
