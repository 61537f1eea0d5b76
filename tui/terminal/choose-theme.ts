// From what the terminal can, what it says of its background and what the person wants to the theme that is drawn with.
import { DEFAULT_LOOK, type Look } from "../../domain/face/look.ts";
import { type Theme, themeOf } from "../theme.ts";
import { type AskedTerminal, askBackground } from "./ask-background.ts";
import { backgroundFrom, capabilitiesOf, type TerminalEnvironment, themeFor } from "./capabilities.ts";

export interface ThemeWishes {
  readonly look?: Look | undefined;
  readonly isColourless: boolean;
}

/** Asks the terminal only where the answer would matter. */
export async function chooseTheme(
  { look = DEFAULT_LOOK, isColourless }: ThemeWishes,
  terminal: AskedTerminal,
  environment: TerminalEnvironment,
): Promise<Theme> {
  const can = capabilitiesOf(environment, { isColourless, glyphs: look.glyphs });
  const isAsked = look.theme === "auto" && can.colours !== "none" && !can.isBare;
  const told = isAsked ? await askBackground(terminal) : "unknown";
  const name = themeFor(look.theme, can, told === "unknown" ? backgroundFrom(environment) : told);
  return themeOf(name === "auto" ? "terminal" : name, can, look.colors);
}
