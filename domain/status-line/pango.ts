// Text that WayBar hands to Pango: every datum is escaped, or one ampersand in a message blanks the label.

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#39;",
  '"': "&quot;",
};

/** Escapes markup, turns control characters into spaces, and repairs broken surrogates. Newlines stay. */
export function escapePango(text: string): string {
  return text
    .toWellFormed()
    .replace(CONTROLS, (character) => (character === "\n" ? character : " "))
    .replace(/[&<>'"]/g, (character) => ENTITIES[character] ?? "");
}

// Control characters, line and paragraph separators, and what turns the direction of text in a bar.
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** At most that many characters, whole ones, with an ellipsis where something is cut. Cut before escaping, never after. */
export function shorten(text: string, maximum: number): string {
  const characters = Array.from(text);
  return characters.length <= maximum ? text : `${characters.slice(0, maximum - 1).join("")}…`;
}
