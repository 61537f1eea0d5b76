// The help, from the key table: what this screen can do, and why something cannot be done right now.
import { fit, wrap } from "../cells.ts";
import type { Situation } from "../store/situation.ts";
import type { Line } from "../theme.ts";
import type { Binding, BindingGroup } from "./binding.ts";
import { bindingsOf, paletteName, shownKey } from "./bindings.ts";

const GROUPS: readonly (readonly [BindingGroup, string])[] = [
  ["do", "deeds, each after a question"],
  ["look", "look"],
  ["list", "lists"],
  ["move", "move"],
];

const KEY_COLUMNS = 19;

const HELP_COLUMNS = 96;
/** Columns and rows of the border, and a row free above and below. */
const FRAME_COLUMNS = 4;
const FRAME_ROWS = 2;

export interface HelpPlace {
  readonly width: number;
  /** Columns of its lines. */
  readonly inner: number;
  readonly height: number;
  /** The first line when its end is shown. */
  readonly maxTop: number;
}

/** Where the help is drawn and how far it scrolls; `count` tells its lines for their columns. */
export function helpPlace(
  { columns, rows }: { readonly columns: number; readonly rows: number },
  count: (inner: number) => number,
): HelpPlace {
  const width = columns > HELP_COLUMNS + FRAME_COLUMNS ? HELP_COLUMNS : columns;
  const inner = width - FRAME_COLUMNS;
  const lines = count(inner);
  const height = Math.min(lines + FRAME_ROWS, rows - 2);
  return { width, inner, height, maxTop: Math.max(0, lines - (height - FRAME_ROWS)) };
}

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
      const keys = fit(binding.keys.length === 0 ? paletteName(binding) : keyWords(binding), KEY_COLUMNS);
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

function keyWords({ keys }: Binding): string {
  return keys.map(shownKey).join(" ");
}
