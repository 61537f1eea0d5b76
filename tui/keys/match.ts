// What the terminal sent becomes names of keys. Printable keys that came in one read arrive as one input: it is taken
// apart, or a fast "jjj" would be one unknown key.
import type { Key } from "ink";

const NAMED = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "page-up"],
  ["pageDown", "page-down"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "escape"],
  ["tab", "tab"],
  ["backspace", "backspace"],
  ["delete", "delete"],
] as const satisfies readonly (readonly [keyof Key, string])[];

/** Names of the keys in the order in which they were pressed; a character names itself. */
export function keysOf(input: string, key: Key): readonly string[] {
  if (key.eventType === "release") return [];
  if (key.ctrl && input.length > 0) return [`ctrl-${input.toLowerCase()}`];
  for (const [field, name] of NAMED) {
    // A terminal's backspace key sends what the parser calls delete; the real delete key is not worth telling apart.
    if (key[field] !== true) continue;
    if (name === "tab" && key.shift) return ["backtab"];
    return [name === "delete" ? "backspace" : name];
  }
  if (key.meta) return [];
  return Array.from(input, nameOf);
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === " ") return "space";
  if (code === 13 || code === 10) return "enter";
  if (code === 9) return "tab";
  if (code === 27) return "escape";
  if (code === 8 || code === 127) return "backspace";
  // The other control characters are the letters' own, with Ctrl held.
  return code < 27 ? `ctrl-${String.fromCodePoint(code + 96)}` : character;
}
