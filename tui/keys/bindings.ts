// The one table of keys. What a key does, the palette, the footer, the help and docs/keys.md all derive from it. The rows are
// in bindings/, a file for each kind of deed or family of screens.
import type { ArgumentKind, Binding, ScreenName } from "./binding.ts";
import { DO_BINDINGS } from "./bindings/do.ts";
import { FLEET_BINDINGS } from "./bindings/fleet.ts";
import { LIST_BINDINGS } from "./bindings/list.ts";
import { LOOK_BINDINGS } from "./bindings/look.ts";
import { MOMENT_BINDINGS } from "./bindings/moments.ts";
import { MOVE_BINDINGS } from "./bindings/move.ts";
import { PALETTE_BINDINGS } from "./bindings/palette.ts";

/** In the order of the footer: deeds first. */
export const BINDINGS: readonly Binding[] = [
  ...DO_BINDINGS,
  // What a screen is there for comes before what every list has.
  ...MOMENT_BINDINGS.filter(({ footer }) => footer !== undefined),
  ...LOOK_BINDINGS,
  ...MOMENT_BINDINGS.filter(({ footer }) => footer === undefined),
  ...PALETTE_BINDINGS,
  ...FLEET_BINDINGS,
  ...LIST_BINDINGS,
  ...MOVE_BINDINGS,
];

export function bindingFor(key: string, screen: ScreenName): Binding | undefined {
  return BINDINGS.find((binding) => binding.keys.includes(key) && binding.screens.includes(screen));
}

export function bindingsOf(screen: ScreenName): readonly Binding[] {
  return BINDINGS.filter((binding) => binding.screens.includes(screen));
}

const SHOWN_KEYS: Readonly<Record<string, string>> = {
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  enter: "Enter",
  escape: "Esc",
  backspace: "Backspace",
  space: "Space",
  home: "Home",
  end: "End",
  "page-up": "PgUp",
  "page-down": "PgDn",
  "wheel-up": "Wheel↑",
  "wheel-down": "Wheel↓",
};

/** As it is printed on the keyboard. */
export function shownKey(key: string): string {
  return SHOWN_KEYS[key] ?? (key.startsWith("ctrl-") ? `Ctrl-${key.slice(5).toUpperCase()}` : key);
}

/** As it is typed in the palette, for example ":pool NAME". */
export function paletteName({ action, argument }: Binding): string {
  return argument === undefined ? `:${action}` : `:${action} ${ARGUMENT_WORDS[argument]}`;
}

const ARGUMENT_WORDS: Readonly<Record<ArgumentKind, string>> = {
  endpoint: "NAME",
  profile: "NAME",
  pool: "NAME",
  column: "COLUMN",
  file: "FILE",
  theme: "NAME",
  package: "NAME",
  rule: "KIND PATTERN ...",
};
