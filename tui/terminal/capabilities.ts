// What a terminal can show, decided once from its environment and the person's wishes. Pure: what the terminal itself says
// of its background is passed in.
import { glyphSetFor } from "../../domain/face/face.ts";
import type { GlyphChoice, ThemeName } from "../../domain/face/look.ts";
import type { ColourDepth } from "../../domain/face/style.ts";

export type Background = "dark" | "light" | "unknown";

/** `console`: the font of a bare Linux console has lines and ASCII. */
export type Glyphs = "unicode" | "console" | "ascii";

export interface Capabilities {
  readonly colours: ColourDepth;
  readonly glyphs: Glyphs;
  /** It would not answer, or not rightly, what it is asked. */
  readonly isBare: boolean;
}

export interface CapabilityWishes {
  readonly isColourless?: boolean | undefined;
  readonly glyphs?: GlyphChoice | undefined;
}

export type TerminalEnvironment = Readonly<Record<string, string | undefined>>;

/** Of the names of terminals: those that show sixteen million colours and do not always say so in COLORTERM. */
const TRUECOLOUR_TERMS = /direct|kitty|alacritty|foot|ghostty|wezterm|contour|iterm/u;
const COLOURLESS_TERMS = /^(?:dumb|vt\d+|unknown)?$/u;
const BARE_TERMS = /^(?:linux|dumb|vt\d+|cons\d+|unknown)?$/u;

export function capabilitiesOf(environment: TerminalEnvironment, wishes: CapabilityWishes = {}): Capabilities {
  const term = environment["TERM"] ?? "";
  return {
    colours: wishes.isColourless === true ? "none" : coloursOf(environment, term),
    glyphs: glyphsOf(environment, term, wishes.glyphs ?? "auto"),
    isBare: BARE_TERMS.test(term),
  };
}

/** NO_COLOR is somebody's wish and wins; FORCE_COLOR knows better than the name of the terminal. */
function coloursOf(environment: TerminalEnvironment, term: string): ColourDepth {
  if ((environment["NO_COLOR"] ?? "") !== "") return "none";
  switch (environment["FORCE_COLOR"]) {
    case "0":
    case "false":
      return "none";
    case "1":
    case "true":
      return "16";
    case "2":
      return "256";
    case "3":
      return "truecolour";
    case undefined:
      break;
    default:
      return "16";
  }
  if (COLOURLESS_TERMS.test(term)) return "none";
  // The kernel's console takes the longer sequences and shows the nearest of its sixteen: better said so at once.
  if (term.startsWith("linux")) return "16";
  if (/^(?:truecolor|24bit)$/u.test(environment["COLORTERM"] ?? "") || TRUECOLOUR_TERMS.test(term)) return "truecolour";
  return term.includes("256") ? "256" : "16";
}

function glyphsOf(environment: TerminalEnvironment, term: string, choice: GlyphChoice): Glyphs {
  if (choice !== "auto") return choice;
  const { LC_ALL, LC_CTYPE, LANG } = environment;
  // The locale alone: the console takes UTF-8, its font is another matter.
  const said = glyphSetFor({ LC_ALL, LC_CTYPE, LANG });
  if (said === "ascii") return "ascii";
  if (term.startsWith("linux")) return "console";
  return glyphSetFor({ TERM: term });
}

/** COLORFGBG holds "text;background" in colours of the palette; rxvt, konsole and others set it. */
export function backgroundFrom({ COLORFGBG }: TerminalEnvironment): Background {
  const index = /;(\d{1,2})$/u.exec(COLORFGBG ?? "")?.[1];
  if (index === undefined) return "unknown";
  return Number(index) === 7 || Number(index) === 15 ? "light" : "dark";
}

/** Which theme `auto` is. On an unknown background only the terminal's own colours are sure to be readable. */
export function themeFor(wanted: ThemeName, { colours, isBare }: Capabilities, background: Background): ThemeName {
  if (colours === "none") return "mono";
  if (wanted !== "auto") return wanted;
  if (isBare) return "console";
  if (background === "unknown") return "terminal";
  return background;
}
