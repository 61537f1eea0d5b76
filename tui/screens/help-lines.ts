// The help, from the key table: what this screen can do, and why something cannot be done right now.
import { fit } from "../cells.ts";
import { type BindingGroup, bindingsOf, shownKey } from "../keys/bindings.ts";
import type { Situation } from "../store/situation.ts";
import type { Line } from "../theme.ts";

const GROUPS: readonly (readonly [BindingGroup, string])[] = [
  ["do", "deeds, each after a question"],
  ["look", "look"],
  ["move", "move"],
];

export function helpLines(situation: Situation): readonly Line[] {
  const lines: Line[] = [];
  for (const [group, title] of GROUPS) {
    const bindings = bindingsOf(situation.route.kind).filter((binding) => binding.group === group);
    if (bindings.length === 0) continue;
    if (lines.length > 0) lines.push([]);
    lines.push([{ text: title, tone: "muted" }]);
    for (const binding of bindings) {
      const because = binding.disabled(situation);
      const keys = fit(binding.keys.map(shownKey).join(" "), 18);
      lines.push([
        { text: keys, tone: because === undefined ? "key" : "muted" },
        { text: binding.description, tone: because === undefined ? "plain" : "muted" },
      ]);
      if (because !== undefined) lines.push([{ text: `${" ".repeat(18)}not now: ${because}`, tone: "notice" }]);
    }
  }
  return lines;
}
