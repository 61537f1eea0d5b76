// What the mouse does: it scrolls, selects, opens, presses keys. Everything that it can do a key does, too. Pure.
import { press } from "./act.ts";
import { NOTHING, type Outcome, only } from "./outcome.ts";
import { settle } from "./position.ts";
import type { Situation } from "./situation.ts";
import { type Dialog, routeKey } from "./state.ts";

/** What was hit. */
export type Hit =
  | { readonly kind: "wheel-up" | "wheel-down" | "nothing" }
  | { readonly kind: "row"; readonly index: number }
  /** A key of the last line. */
  | { readonly kind: "key"; readonly key: string };

export function point(hit: Hit, situation: Situation): Outcome {
  switch (hit.kind) {
    case "nothing":
      return NOTHING;
    case "wheel-up":
    case "wheel-down":
      return press(hit.kind, situation);
    case "key":
      return press(hit.key, situation);
    case "row":
      return pickIn(situation.state.dialog, hit.index, situation);
  }
}

function pickIn(dialog: Dialog | undefined, index: number, situation: Situation): Outcome {
  if (dialog === undefined) return pick(index, situation);
  if (dialog.kind !== "palette") return NOTHING;
  if (index === dialog.chosen) return press("enter", situation);
  return only({ kind: "dialog-changed", dialog: { ...dialog, chosen: index } });
}

/** A click selects; on what is selected already it opens. */
function pick(index: number, situation: Situation): Outcome {
  const { ids, position, visible, route } = situation;
  const id = ids[index];
  if (id === undefined) return NOTHING;
  if (id === position.id) return press("enter", situation);
  return only({ kind: "positioned", key: routeKey(route), position: settle({ ...position, id, index }, ids, visible) });
}
