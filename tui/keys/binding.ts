// One row of the key table: what it says, where it works, and why it does not work right now.
import type { Situation } from "../store/situation.ts";
import type { Route } from "../store/state.ts";
import type { Action } from "./actions.ts";

export type ScreenName = Route["kind"];

export type BindingGroup = "move" | "look" | "list" | "do";

/** What a verb of the palette wants to be told. */
export type ArgumentKind = "endpoint" | "pool" | "column" | "file" | "theme" | "profile" | "package" | "rule";

export interface Binding<Name extends Action = Action> {
  /** Names as keysOf gives them; none for what only the palette has. */
  readonly keys: readonly string[];
  /** Also its name in the palette. */
  readonly action: Name;
  /** Other names there. */
  readonly aliases?: readonly string[];
  /** Its key opens the palette, which asks for it. */
  readonly argument?: ArgumentKind;
  readonly group: BindingGroup;
  /** A whole phrase, for the help and the documentation. */
  readonly description: string;
  /** A word or two, for the footer; absent keys are in the help only. */
  readonly footer?: string;
  readonly screens: readonly ScreenName[];
  /** Why it cannot be done right now; undefined when it can. */
  readonly disabled: (situation: Situation) => string | undefined;
}

export const never = (): undefined => undefined;
