// A plan as rows of one list, what matters most first: removals, warnings, changes, reasons, what is left alone.
import type { Plan, PlanAction, PlanStep } from "../../domain/plan/plan.ts";
import { compileQuery } from "../query/query.ts";
import { PLAN_VOCABULARY } from "../query/vocabularies.ts";
import type { LoadedValue } from "./state.ts";

export type PlanRow =
  | { readonly kind: "heading"; readonly id: string; readonly text: string }
  | { readonly kind: "step"; readonly id: string; readonly step: PlanStep }
  | {
      readonly kind: "note";
      readonly id: string;
      readonly tone: "warning" | "reason" | "left-alone";
      readonly name: string;
      readonly why: string;
    };

const SECTIONS: readonly (readonly [PlanAction, string])[] = [
  ["downgrade", "downgrade"],
  ["upgrade", "upgrade"],
  ["install", "install"],
  ["reinstall", "install again, another build"],
];

export function planRows(value: LoadedValue | undefined, filter: string): readonly PlanRow[] {
  return rowsOf(value, compileQuery(filter, PLAN_VOCABULARY).matches);
}

function rowsOf(value: LoadedValue | undefined, matches: (row: PlanRow) => boolean): readonly PlanRow[] {
  if (value?.kind === "no-plan") return refusalRows(value.because, value.details);
  if (value?.kind !== "plan") return [];
  const { plan } = value;
  const section = (id: string, title: string, rows: readonly PlanRow[]): readonly PlanRow[] => {
    const shown = rows.filter(matches);
    return shown.length === 0 ? [] : [{ kind: "heading", id: `# ${id}`, text: `${title} (${shown.length})` }, ...shown];
  };
  return [
    ...section("remove", "remove", stepsOf(plan, "remove")),
    ...section(
      "warning",
      "warnings",
      plan.warnings.map((why, index) => ({ kind: "note", id: `warning ${index}`, tone: "warning", name: "", why })),
    ),
    ...SECTIONS.flatMap(([action, title]) => section(action, title, stepsOf(plan, action))),
    ...section(
      "reason",
      "install reasons",
      plan.reasons.map(({ name, reason }) => ({
        kind: "note",
        id: `reason ${name}`,
        tone: "reason",
        name,
        why: `becomes ${reason === "explicit" ? "explicitly installed" : "a dependency"}`,
      })),
    ),
    ...section(
      "left-alone",
      "left alone",
      plan.leftAlone.map(({ name, why }) => ({ kind: "note", id: `left ${name}`, tone: "left-alone", name, why })),
    ),
  ];
}

/** Why there is no plan, line by line: what is missing and where it was looked for. */
function refusalRows(because: string, details: readonly string[]): readonly PlanRow[] {
  const note = (id: string, why: string): PlanRow => ({ kind: "note", id, tone: "warning", name: "", why });
  return [note("because", because), ...details.map((detail, index) => note(`detail ${index}`, detail))];
}

function stepsOf(plan: Plan, action: PlanAction): readonly PlanRow[] {
  return plan.steps
    .filter((step) => step.action === action)
    .map((step) => ({ kind: "step", id: `${action} ${step.name}`, step }));
}

const COUNTED: readonly (readonly [PlanAction, string])[] = [
  ["remove", "removal"],
  ["upgrade", "upgrade"],
  ["downgrade", "downgrade"],
  ["install", "install"],
  ["reinstall", "reinstall"],
];

/** For example "1 removal, 12 upgrades"; empty when it changes nothing. */
export function planChanges(plan: Plan): string {
  const counted = COUNTED.map(([action, word]) => {
    const count = plan.steps.filter((step) => step.action === action).length;
    return count === 0 ? "" : `${count} ${word}${count === 1 ? "" : "s"}`;
  });
  const reasons = plan.reasons.length;
  return [...counted, reasons === 0 ? "" : `${reasons} install reason${reasons === 1 ? "" : "s"}`]
    .filter((one) => one !== "")
    .join(", ");
}
