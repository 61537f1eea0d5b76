// Plans as JSON (DESIGN: `plan`) and for people: removals first, because they are what one would regret.
import { PLAN_FACES, PLAN_NOTE_FACES } from "../../domain/face/faces.ts";
import type { Plan, PlanAction, PlanStep } from "../../domain/plan/plan.ts";
import type { Terminal } from "../terminal.ts";
import { counted, faceCell, short, size } from "./words.ts";

const ORDER = ["remove", "downgrade", "install", "upgrade", "reinstall"] as const satisfies readonly PlanAction[];

/** The shape of `plan -o json`. */
export function planJson(plan: Plan, endpoint: string): Readonly<Record<string, unknown>> {
  const steps = (action: PlanAction) => plan.steps.filter((step) => step.action === action).map(stepJson);
  return {
    endpoint,
    baseDigest: plan.baseDigest,
    planDigest: plan.digest,
    afterDigest: plan.afterDigest,
    targetRevision: plan.targetRevision,
    revert: plan.isRevert,
    install: steps("install"),
    upgrade: steps("upgrade"),
    downgrade: steps("downgrade"),
    reinstall: steps("reinstall"),
    remove: steps("remove"),
    reasons: plan.reasons,
    warnings: plan.warnings,
    leftAlone: plan.leftAlone,
    downloadBytes: plan.downloadBytes,
    installedDeltaBytes: plan.installedDeltaBytes,
  };
}

function stepJson(step: PlanStep): Readonly<Record<string, unknown>> {
  return {
    name: step.name,
    fromVersion: step.fromVersion === "" ? null : step.fromVersion,
    toVersion: step.toVersion === "" ? null : step.toVersion,
    repository: step.repository === "" ? null : step.repository,
    architecture: step.architecture,
    buildDate: step.buildDate === 0 ? null : step.buildDate,
    downloadBytes: step.downloadBytes,
    why: step.why,
  };
}

export function isEmptyPlan(plan: Plan): boolean {
  return plan.steps.length === 0 && plan.reasons.length === 0;
}

/** For example "borealis: 2 remove, 14 upgrade; 35.2 MiB to download". */
export function planHeadline(plan: Plan, endpoint: string): string {
  const parts = ORDER.flatMap((action) => {
    const count = plan.steps.filter((step) => step.action === action).length;
    return count === 0 ? [] : [`${String(count)} ${action}`];
  });
  if (plan.reasons.length > 0) parts.push(counted(plan.reasons.length, "install reason"));
  const what = parts.length === 0 ? "nothing to do" : parts.join(", ");
  const download = plan.downloadBytes > 0 ? `; ${size(plan.downloadBytes)} to download` : "";
  return `${endpoint}: ${what}${download}`;
}

export function printPlan(terminal: Terminal, plan: Plan, endpoint: string): void {
  const { paint } = terminal;
  const steps = ORDER.flatMap((action) => plan.steps.filter((step) => step.action === action));
  terminal.print(paint("strong", planHeadline(plan, endpoint)));
  terminal.printTable(
    [
      { title: "" },
      { title: "PACKAGE" },
      { title: "FROM" },
      { title: "TO" },
      { title: "REPOSITORY" },
      { title: "WHY", flexible: true },
    ],
    steps.map((step) => [
      faceCell(PLAN_FACES[step.action], terminal),
      step.name,
      step.fromVersion,
      step.toVersion,
      step.repository,
      step.why,
    ]),
  );
  printRest(terminal, plan);
}

function printRest(terminal: Terminal, plan: Plan): void {
  const { paint } = terminal;
  const rows = [
    ...plan.reasons.map(({ name, reason }) => [
      faceCell(PLAN_NOTE_FACES.reason, terminal),
      `${name} becomes ${reason}`,
    ]),
    ...plan.leftAlone.map(({ name, why }) => [faceCell(PLAN_NOTE_FACES["left-alone"], terminal), `${name}: ${why}`]),
    ...plan.warnings.map((warning) => [faceCell(PLAN_NOTE_FACES.warning, terminal), warning]),
  ];
  terminal.printTable([{ title: "" }, { title: "", flexible: true }], rows);
  if (!isEmptyPlan(plan))
    terminal.print(paint("muted", `plan ${short(plan.digest)}, disk ${size(plan.installedDeltaBytes)}`));
}
