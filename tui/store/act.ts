// A key becomes events for the store and effects for the world. Pure: the state is read, nothing is touched.

import type { Action } from "../keys/actions.ts";
import type { Binding } from "../keys/binding.ts";
import { bindingFor } from "../keys/bindings.ts";
import { DO_ACTS } from "./acts/do.ts";
import { FLEET_ACTS } from "./acts/fleet.ts";
import { LIST_ACTS } from "./acts/list.ts";
import { LOOK_ACTS } from "./acts/look.ts";
import { MOMENT_ACTS } from "./acts/moments.ts";
import { MOVE_ACTS } from "./acts/move.ts";
import { askArgument, PALETTE_ACTS, pressInPalette } from "./acts/palette.ts";
import { type Act, effect, NOTHING, type Outcome, only, tell } from "./outcome.ts";
import { CLOSED, pasteInDialog, pressInDialog } from "./press-dialog.ts";
import { filteredTo, pressInFilter } from "./press-filter.ts";
import type { StoreEvent } from "./reduce.ts";
import { filterOf } from "./select.ts";
import type { Situation } from "./situation.ts";
import type { Dialog } from "./state.ts";

/** What every action does; one that is missing does not compile. */
const ACTS: Readonly<Record<Action, Act>> = {
  ...MOVE_ACTS,
  ...LOOK_ACTS,
  ...MOMENT_ACTS,
  ...FLEET_ACTS,
  ...LIST_ACTS,
  ...PALETTE_ACTS,
  ...DO_ACTS,
};

/** What a key does: in a dialog, in a filter being typed, or on the screen. */
export function press(key: string, situation: Situation): Outcome {
  const { state, route } = situation;
  const { dialog } = state;
  if (key === "ctrl-c") return effect({ kind: "quit" });
  if (dialog?.kind === "palette") return pressPalette(key, dialog, situation);
  if (dialog !== undefined) return pressInDialog(key, dialog, situation);
  if (state.isFiltering) return pressInFilter(key, situation);
  const binding = bindingFor(key, route.kind);
  if (binding === undefined) return NOTHING;
  const because = binding.disabled(situation);
  if (because !== undefined) return tell(situation, because);
  return run(binding, "", situation);
}

function run(binding: Binding, argument: string, situation: Situation): Outcome {
  const isAsked = binding.argument !== undefined && argument === "";
  const outcome = isAsked ? askArgument({ binding }, situation) : ACTS[binding.action](situation, argument);
  const cleared: readonly StoreEvent[] =
    situation.state.toast === undefined ? [] : [{ kind: "toasted", toast: undefined }];
  return { ...outcome, events: [...cleared, ...outcome.events] };
}

function pressPalette(
  key: string,
  dialog: Extract<Dialog, { readonly kind: "palette" }>,
  situation: Situation,
): Outcome {
  if (key === "escape") return only(CLOSED);
  const answer = pressInPalette(key, dialog, situation);
  if ("events" in answer) return answer;
  const { binding, argument = "", because } = answer;
  const outcome = because === undefined ? run(binding, argument, situation) : tell(situation, because);
  return { ...outcome, events: [CLOSED, ...outcome.events] };
}

/** Pasted text goes into a text that is being typed, and nowhere else: it must never press keys. */
export function paste(text: string, situation: Situation): Outcome {
  const { state, route } = situation;
  const said = printable(text);
  if (state.dialog === undefined && state.isFiltering) return only(filteredTo(route, filterOf(state, route) + said));
  const pasted = state.dialog === undefined ? undefined : pasteInDialog(said, state.dialog);
  return pasted ?? tell(situation, "pasted text was ignored: there is no text to type here");
}

function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trimEnd();
}
