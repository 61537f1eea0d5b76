// The changes of a plan as items of a list, in the order in which they matter: what goes, what becomes older, the rest.
import { PLAN_FACES } from "../../../domain/face/faces.ts";
import type { Plan, PlanAction, PlanStep } from "../../../domain/plan/plan.ts";
import { size } from "../../words.ts";
import type { ListItem } from "./list-row.ts";

export const PLAN_ORDER: readonly PlanAction[] = ["remove", "downgrade", "upgrade", "install", "reinstall"];

export function planItems(plan: Plan, poolId: string): readonly ListItem[] {
  return PLAN_ORDER.flatMap((action) => plan.steps.filter((step) => step.action === action)).map((step) =>
    stepItem(step, poolId),
  );
}

function stepItem(step: PlanStep, poolId: string): ListItem {
  const { action, name, fromVersion, toVersion, repository, downloadBytes, why } = step;
  const { glyph, role: tone } = PLAN_FACES[action];
  return {
    kind: "item",
    id: `change ${action} ${name}`,
    cells: [
      { text: glyph, tone, width: 1 },
      { text: name, tone: action === "remove" ? tone : "plain", grow: 4 },
      { text: fromVersion === "" ? "–" : fromVersion, tone: "muted", grow: 3 },
      { text: "→", tone: "muted", width: 1 },
      { text: toVersion === "" ? "gone" : toVersion, grow: 3 },
      { text: repository, tone: "muted", width: 12, from: 96 },
      { text: downloadBytes === 0 ? "" : size(downloadBytes), tone: "muted", width: 9, align: "right", from: 96 },
    ],
    why,
    words: action,
    opens: { kind: "package", poolId, name },
  };
}

/** Where the files come from, for example "core 3 (1.2 MiB), extra 12 (34 MiB), 4 on the machine or of unknown size". */
export function originWords({ steps }: Plan): string {
  const files = steps.filter(({ action }) => action !== "remove");
  const fetched = Object.groupBy(
    files.filter(({ downloadBytes }) => downloadBytes > 0),
    ({ repository }) => (repository === "" ? "files that are kept" : repository),
  );
  const words = Object.entries(fetched)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([from, list = []]) => {
      const bytes = list.reduce((sum, { downloadBytes }) => sum + downloadBytes, 0);
      return `${from} ${list.length} (${size(bytes)})`;
    });
  const here = files.filter(({ downloadBytes }) => downloadBytes === 0).length;
  return [...words, ...(here === 0 ? [] : [`${here} on the machine or of unknown size`])].join(", ");
}
