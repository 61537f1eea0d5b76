// Text that WayBar hands to Pango: every datum is escaped, or one ampersand in a message blanks the label.

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#39;",
  '"': "&quot;",
};

/** Escapes markup and cleans the text. Newlines stay. */
export function escapePango(text: string): string {
  return cleanText(text).replace(/[&<>'"]/g, (character) => ENTITIES[character] ?? "");
}

/** Turns control characters and their like into spaces, and repairs broken surrogates. Newlines stay. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(UNWANTED, (character) => (character === "\n" ? character : " "));
}

// Control characters, line and paragraph separators, what turns the direction of text in a bar, what is never text
// (annotations, tags, non-characters), and the byte order mark.
const UNWANTED =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Noncharacter_Code_Point}]/gu;

/** At most that many characters, whole ones, with an ellipsis where something is cut. Cut before escaping, never after. */
export function shorten(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  // No more than can be kept is taken apart: a message may be a megabyte.
  const characters = Array.from(text.slice(0, maximum * 2 + 2));
  return characters.length <= maximum ? text : `${characters.slice(0, Math.max(0, maximum - 1)).join("")}…`;
}
