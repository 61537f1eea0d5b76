// A key becomes events for the store and effects for the world. Pure: the state is read, nothing is touched.

import { MAX_MESSAGE_LENGTH } from "../../domain/limits.ts";
import type { Action } from "../keys/actions.ts";
import { bindingFor } from "../keys/bindings.ts";
import { editField } from "../keys/text-field.ts";
import { DO_ACTS } from "./acts/do.ts";
import { LOOK_ACTS } from "./acts/look.ts";
import { MOVE_ACTS } from "./acts/move.ts";
import { type Deed, describeDeed } from "./deed.ts";
import { type Act, effect, NOTHING, type Outcome, only, tell } from "./outcome.ts";
import type { StoreEvent } from "./reduce.ts";
import { filterOf } from "./select.ts";
import type { Situation } from "./situation.ts";
import { type Dialog, routeKey } from "./state.ts";

/** What every action does; one that is missing does not compile. */
const ACTS: Readonly<Record<Action, Act>> = { ...MOVE_ACTS, ...LOOK_ACTS, ...DO_ACTS };

/** The help has fewer lines than this on the narrowest screen; the drawing stops at its end. */
const MAX_HELP_TOP = 64;
/** Characters of a filter; more never narrows a list further. */
const MAX_FILTER = 100;

/** What a key does: in a dialog, in a filter being typed, or on the screen. */
export function press(key: string, situation: Situation): Outcome {
  const { state, route } = situation;
  if (key === "ctrl-c") return effect({ kind: "quit" });
  if (state.dialog !== undefined) return pressInDialog(key, state.dialog, state.size.rows);
  if (state.isFiltering) return pressInFilter(key, situation);
  const binding = bindingFor(key, route.kind);
  if (binding === undefined) return NOTHING;
  const because = binding.disabled(situation);
  if (because !== undefined) return tell(situation, because);
  const cleared: readonly StoreEvent[] = state.toast === undefined ? [] : [{ kind: "toasted", toast: undefined }];
  const outcome = ACTS[binding.action](situation);
  return { ...outcome, events: [...cleared, ...outcome.events] };
}

/** Pasted text goes into a text that is being typed, and nowhere else: it must never press keys. */
export function paste(text: string, situation: Situation): Outcome {
  const { state } = situation;
  const isTyping = state.isFiltering || state.dialog?.kind === "message";
  if (!isTyping) return tell(situation, "pasted text was ignored: there is no text to type here");
  const events: StoreEvent[] = [];
  if (state.dialog?.kind === "message") {
    const { dialog } = state;
    let { field } = dialog;
    for (const character of printable(text)) field = editField(field, character, MAX_MESSAGE_LENGTH) ?? field;
    events.push({ kind: "dialog-changed", dialog: { ...dialog, field } });
  } else {
    const whole = (filterOf(state, situation.route) + printable(text)).slice(0, MAX_FILTER);
    events.push({ kind: "filtered", key: routeKey(situation.route), text: whole });
  }
  return { events, effects: [] };
}

function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trimEnd();
}

const CLOSED: StoreEvent = { kind: "dialog-changed", dialog: undefined };

function pressInDialog(key: string, dialog: Dialog, rows: number): Outcome {
  if (key === "escape") return only(CLOSED);
  switch (dialog.kind) {
    case "help":
      return pressInHelp(key, dialog.top, rows);
    case "confirm":
      if (key === "enter" || key === "y") return perform(dialog.deed);
      return key === "n" || key === "q" ? only(CLOSED) : NOTHING;
    case "message": {
      if (key === "enter") return perform({ ...dialog.deed, message: dialog.field.text.trim() });
      const field = editField(dialog.field, key, MAX_MESSAGE_LENGTH);
      return field === undefined ? NOTHING : only({ kind: "dialog-changed", dialog: { ...dialog, field } });
    }
  }
}

function perform(deed: Deed): Outcome {
  return {
    events: [CLOSED, { kind: "doing-changed", doing: describeDeed(deed).doing }],
    effects: [{ kind: "deed", deed }],
  };
}

function pressInHelp(key: string, top: number, rows: number): Outcome {
  const scrolled = (by: number): Outcome =>
    only({ kind: "dialog-changed", dialog: { kind: "help", top: Math.max(0, Math.min(MAX_HELP_TOP, top + by)) } });
  if (key === "j" || key === "down") return scrolled(1);
  if (key === "k" || key === "up") return scrolled(-1);
  if (key === "page-down" || key === "space" || key === "ctrl-d") return scrolled(Math.floor(rows / 2));
  if (key === "page-up" || key === "ctrl-u") return scrolled(-Math.floor(rows / 2));
  return key === "?" || key === "q" || key === "enter" ? only(CLOSED) : NOTHING;
}

function pressInFilter(key: string, { state, route }: Situation): Outcome {
  const done: StoreEvent = { kind: "filtering", isFiltering: false };
  const changed = (text: string): StoreEvent => ({ kind: "filtered", key: routeKey(route), text });
  if (key === "escape") return only(done, changed(""));
  if (key === "enter" || key === "down" || key === "up") return only(done);
  const text = filterOf(state, route);
  if (key === "backspace" && text === "") return only(done);
  const field = editField({ text, cursor: Array.from(text).length }, key, MAX_FILTER);
  return field === undefined ? NOTHING : only(changed(field.text));
}
