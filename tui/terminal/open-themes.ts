// From what the terminal can, what it says of its background and what the person wants to the theme that is drawn with.
import { DEFAULT_LOOK, type Look, type ThemeName } from "../../domain/face/look.ts";
import { type Theme, themeOf } from "../theme.ts";
import { type AskedTerminal, askBackground } from "./ask-background.ts";
import { backgroundFrom, capabilitiesOf, type TerminalEnvironment, themeFor } from "./capabilities.ts";

export interface ThemeWishes {
  readonly look?: Look | undefined;
  readonly isColourless: boolean;
}

/** The theme to begin with, and any other one for the same terminal. */
export interface Themes {
  readonly first: Theme;
  readonly named: (name: ThemeName) => Theme;
}

/** Asks the terminal only where the answer would matter. */
export async function openThemes(
  { look = DEFAULT_LOOK, isColourless }: ThemeWishes,
  terminal: AskedTerminal,
  environment: TerminalEnvironment,
): Promise<Themes> {
  const can = capabilitiesOf(environment, { isColourless, glyphs: look.glyphs });
  const isAsked = look.theme === "auto" && can.colours !== "none" && !can.isBare;
  const told = isAsked ? await askBackground(terminal) : "unknown";
  const background = told === "unknown" ? backgroundFrom(environment) : told;
  const named = (wanted: ThemeName): Theme => {
    const name = themeFor(wanted, can, background);
    return themeOf(name === "auto" ? "terminal" : name, can, look.colors);
  };
  return { first: named(look.theme), named };
}
