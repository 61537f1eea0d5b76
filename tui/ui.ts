// The one context: what every screen is drawn from.
import { createContext, useContext } from "react";
import type { Select } from "./store/select.ts";
import type { Situation } from "./store/situation.ts";
import type { State } from "./store/state.ts";
import type { Theme } from "./theme.ts";

export interface Ui {
  readonly state: State;
  readonly select: Select;
  readonly situation: Situation;
  readonly theme: Theme;
}

export const UiContext = createContext<Ui | undefined>(undefined);

export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (ui === undefined) throw new Error("a screen is drawn outside of the app");
  return ui;
}
