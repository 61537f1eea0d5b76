// The help, from the key table: what this screen can do, and why something cannot be done right now.
import { fit, wrap } from "../cells.ts";
import type { BindingGroup } from "../keys/binding.ts";
import { bindingsOf, shownKey } from "../keys/bindings.ts";
import type { Situation } from "../store/situation.ts";
import type { Line } from "../theme.ts";

const GROUPS: readonly (readonly [BindingGroup, string])[] = [
  ["do", "deeds, each after a question"],
  ["look", "look"],
  ["move", "move"],
];

const KEY_COLUMNS = 19;

export function helpLines(situation: Situation, width: number): readonly Line[] {
  const lines: Line[] = [];
  const indent = " ".repeat(KEY_COLUMNS);
  for (const [group, title] of GROUPS) {
    const bindings = bindingsOf(situation.route.kind).filter((binding) => binding.group === group);
    if (bindings.length === 0) continue;
    if (lines.length > 0) lines.push([]);
    lines.push([{ text: title, tone: "muted" }]);
    for (const binding of bindings) {
      const because = binding.disabled(situation);
      const keys = fit(binding.keys.map(shownKey).join(" "), KEY_COLUMNS);
      for (const [index, text] of wrap(binding.description, width - KEY_COLUMNS).entries()) {
        lines.push([
          { text: index === 0 ? keys : indent, tone: because === undefined ? "key" : "muted" },
          { text, tone: because === undefined ? "plain" : "muted" },
        ]);
      }
      if (because === undefined) continue;
      for (const text of wrap(`not now: ${because}`, width - KEY_COLUMNS)) {
        lines.push([{ text: indent }, { text, tone: "notice" }]);
      }
    }
  }
  return lines;
}
