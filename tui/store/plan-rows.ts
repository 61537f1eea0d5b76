// A plan as rows of one list, what matters most first: removals, downgrades, warnings, then the rest, what is left alone last.
import type { Plan, PlanAction, PlanStep } from "../../domain/plan/plan.ts";
import { wrap } from "../cells.ts";
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
      /** Of a refusal, which goes over several rows: the first of a sentence, or one that goes on. */
      readonly part?: "first" | "more";
    };

const SECTIONS: readonly (readonly [PlanAction, string])[] = [
  ["upgrade", "upgrade"],
  ["install", "install"],
  ["reinstall", "install again, another build"],
];

/** `columns`: what a row has, since the sentences of a refusal go over several. */
export function planRows(value: LoadedValue | undefined, filter: string, columns: number): readonly PlanRow[] {
  if (value?.kind === "no-plan") return refusalRows(value.because, value.details, columns);
  return rowsOf(value, compileQuery(filter, PLAN_VOCABULARY).matches);
}

function rowsOf(value: LoadedValue | undefined, matches: (row: PlanRow) => boolean): readonly PlanRow[] {
  if (value?.kind !== "plan") return [];
  const { plan } = value;
  const section = (id: string, title: string, rows: readonly PlanRow[]): readonly PlanRow[] => {
    const shown = rows.filter(matches);
    return shown.length === 0 ? [] : [{ kind: "heading", id: `# ${id}`, text: `${title} (${shown.length})` }, ...shown];
  };
  return [
    ...section("remove", "remove", stepsOf(plan, "remove")),
    ...section("downgrade", "downgrade", stepsOf(plan, "downgrade")),
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

/** Columns before a row's text: the marks of the selection, the glyph. */
const BEFORE_TEXT = 5;

/** Why there is no plan, whole: what stands in the way, what is missing, and the ways out. */
function refusalRows(because: string, details: readonly string[], columns: number): readonly PlanRow[] {
  const sentences = [because, ...details.filter((detail) => detail !== because)];
  return sentences.flatMap((sentence, at) =>
    wrap(sentence, Math.max(20, columns - BEFORE_TEXT)).map((why, line): PlanRow => {
      const id = line === 0 ? `detail ${at}` : `detail ${at}.${line}`;
      return { kind: "note", id, tone: "warning", name: "", why, part: line === 0 ? "first" : "more" };
    }),
  );
}

function stepsOf(plan: Plan, action: PlanAction): readonly PlanRow[] {
  return plan.steps
    .filter((step) => step.action === action)
    .map((step) => ({ kind: "step", id: `${action} ${step.name}`, step }));
}

const COUNTED: readonly (readonly [PlanAction, string])[] = [
  ["remove", "removal"],
  ["downgrade", "downgrade"],
  ["upgrade", "upgrade"],
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
