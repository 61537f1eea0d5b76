// Questions, texts that are asked for, and the help: what a key does in what lies over the screen. Pure.
import { MAX_MESSAGE_LENGTH } from "../../domain/limits.ts";
import { helpLines, helpPlace } from "../keys/help-lines.ts";
import { questionPlace } from "../keys/question-place.ts";
import { editField, type TextField } from "../keys/text-field.ts";
import { type Deed, describeDeed } from "./deed.ts";
import { NOTHING, type Outcome, only } from "./outcome.ts";
import { MAX_WORD, questionOf } from "./question.ts";
import type { StoreEvent } from "./reduce.ts";
import type { Situation } from "./situation.ts";
import type { Dialog } from "./state.ts";

export const CLOSED: StoreEvent = { kind: "dialog-changed", dialog: undefined };

/** The palette has its own keys. */
export type PlainDialog = Exclude<Dialog, { readonly kind: "palette" }>;

export function pressInDialog(key: string, dialog: PlainDialog, situation: Situation): Outcome {
  if (key === "escape") return only(CLOSED);
  switch (dialog.kind) {
    case "help":
      return pressInHelp(key, dialog.top, situation);
    case "confirm":
      if (key === "enter" || key === "y") return perform(dialog.deed);
      if (key === "n" || key === "q") return only(CLOSED);
      return scrollQuestion(key, dialog, situation);
    case "typed":
      if (key === "enter") return dialog.field.text.trim() === dialog.word ? perform(dialog.deed) : NOTHING;
      // Letters are typed there; the other keys that scroll still do.
      return SCROLLING_ONLY.has(key)
        ? scrollQuestion(key, dialog, situation)
        : edited(dialog, editField(dialog.field, key, MAX_WORD));
    case "message":
      if (key !== "enter") return edited(dialog, editField(dialog.field, key, MAX_MESSAGE_LENGTH));
      return asked({ ...dialog.deed, message: dialog.field.text.trim() }, situation);
  }
}

/** Text that was pasted while a dialog is open. */
export function pasteInDialog(text: string, dialog: Dialog): Outcome | undefined {
  if (!("field" in dialog)) return undefined;
  const limit = dialog.kind === "typed" ? MAX_WORD : MAX_MESSAGE_LENGTH;
  let { field } = dialog;
  for (const character of text) field = editField(field, character, limit) ?? field;
  return edited(dialog, field);
}

function edited(dialog: Extract<Dialog, { readonly field: TextField }>, field: TextField | undefined): Outcome {
  return field === undefined ? NOTHING : only({ kind: "dialog-changed", dialog: { ...dialog, field } });
}

/** With its message it may still be one that wants the pool's name. */
function asked(deed: Deed, { pool }: Situation): Outcome {
  const question = questionOf(deed, pool);
  return question.kind === "typed" ? only({ kind: "dialog-changed", dialog: question }) : perform(deed);
}

function perform(deed: Deed): Outcome {
  return {
    events: [CLOSED, { kind: "doing-changed", doing: describeDeed(deed).doing }],
    effects: [{ kind: "deed", deed }],
  };
}

const PAGE_KEYS: Readonly<Record<string, 1 | -1>> = {
  "page-down": 1,
  space: 1,
  "ctrl-d": 1,
  "ctrl-f": 1,
  "page-up": -1,
  "ctrl-u": -1,
  "ctrl-b": -1,
};

const SCROLLING_ONLY: ReadonlySet<string> = new Set(["up", "down", "page-up", "page-down", "wheel-up", "wheel-down"]);

/** How far a key scrolls; undefined for one that does not. */
function scrolling(key: string, page: number): number | undefined {
  if (key === "j" || key === "down" || key === "wheel-down") return 1;
  if (key === "k" || key === "up" || key === "wheel-up") return -1;
  if (key === "g" || key === "home") return -Infinity;
  if (key === "G" || key === "end") return Infinity;
  const by = PAGE_KEYS[key];
  return by === undefined ? undefined : by * Math.max(1, page);
}

function pressInHelp(key: string, top: number, situation: Situation): Outcome {
  const { size } = situation.state;
  const { inner, height, maxTop } = helpPlace(size, (width) => helpLines(situation, width).length);
  const by = scrolling(key, Math.floor((height - 2) / 2));
  if (by !== undefined && inner > 0) {
    const next = Math.max(0, Math.min(maxTop, top + by));
    return only({ kind: "dialog-changed", dialog: { kind: "help", top: next } });
  }
  return key === "?" || key === "q" || key === "enter" ? only(CLOSED) : NOTHING;
}

function scrollQuestion(
  key: string,
  dialog: Extract<Dialog, { readonly kind: "confirm" | "typed" }>,
  { state }: Situation,
): Outcome {
  const { room, maxTop } = questionPlace(state.size, describeDeed(dialog.deed).lines, dialog.kind === "typed");
  const by = scrolling(key, Math.floor(room / 2));
  if (by === undefined) return NOTHING;
  const top = Math.max(0, Math.min(maxTop, (dialog.top ?? 0) + by));
  return only({ kind: "dialog-changed", dialog: { ...dialog, top } });
}
