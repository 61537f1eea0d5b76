// The style sheet of the module: a colour for every status, taken from the GTK theme's own colours, so that it is right on
// light and on dark bars alike. Works on texts; must not read or write files.
import type { Face, Role } from "../../domain/face/face.ts";
import { CONDITION_FACES, STATUS_FACES } from "../../domain/face/faces.ts";

/** Named colours that GTK's own themes and their heirs define. */
const THEME_COLOURS: Readonly<Record<Role, string | undefined>> = {
  plain: undefined,
  muted: undefined,
  good: "@success_color",
  notice: "@warning_color",
  ahead: "@theme_selected_bg_color",
  diverged: "mix(@warning_color, @error_color, 0.5)",
  busy: "@theme_selected_bg_color",
  danger: "@error_color",
  alarm: "@error_color",
};

/** How much of a theme's colour is in the text; the rest is the bar's own, which keeps it readable on any background. */
const SHARE = 0.7;

/** For the bar's style.css. */
export function barStyle(): string {
  const { error, ...beside } = CONDITION_FACES;
  const lines = [
    "/* The pacpool module. Colours come from the GTK theme; what stands below this in your own style sheet wins. */",
    "#custom-pacpool { padding: 0 0.6em; }",
    ...Object.values(STATUS_FACES).map((face) => ruleOf(face.word, face)),
    // Beside any other status the status has the say.
    ...Object.values(beside).map((face) => ruleOf(`in-sync.${face.word}`, face)),
    ruleOf(error.word, error),
    "#custom-pacpool.old-target { text-decoration: underline; }",
    // Over whatever colour the last known status has.
    `${FAINT.map((word) => `#custom-pacpool.${word}`).join(", ")} { opacity: 0.65; }`,
  ];
  return `${lines.filter((line) => line !== "").join("\n")}\n`;
}

/** What has no colour of its own is what nobody vouches for. */
const FAINT = [...Object.values(STATUS_FACES), ...Object.values(CONDITION_FACES)]
  .filter(({ role }) => role === "muted")
  .map(({ word }) => word);

function ruleOf(classes: string, { role }: Face): string {
  const colour = THEME_COLOURS[role];
  if (colour === undefined) return "";
  const weight = role === "alarm" ? " font-weight: bold;" : "";
  return `#custom-pacpool.${classes} { color: mix(currentColor, ${colour}, ${String(SHARE)});${weight} }`;
}

/** The file of its own that holds the style, beside the bar's. */
export const STYLE_FILE = "pacpool.css";

/** The bar's style sheet with the file imported, before everything of the person's own, which so wins. */
export function withImport(text: string): string {
  if (new RegExp(String.raw`@import\s+(?:url\()?\s*["'](?:\./)?${STYLE_FILE}["']`).test(withoutComments(text)))
    return text;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const line = `@import "${STYLE_FILE}";${eol}`;
  // @charset, where there is one, must stay the very first.
  const charset = /^\ufeff?(?:@charset [^;]*;\s*?\n)?/.exec(text)?.[0] ?? "";
  return charset + line + text.slice(charset.length);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
}
