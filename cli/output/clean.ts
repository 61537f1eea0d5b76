// Text that came over the wire may hold escape sequences that would drive the reader's terminal: they are taken out before
// anything is printed.

// Control characters, line and paragraph separators, and what turns the direction of text.
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** One line: every control character becomes a space, broken surrogates are repaired. */
export function clean(text: string): string {
  return text.toWellFormed().replace(CONTROLS, " ");
}

/** As clean, but line breaks stay. */
export function cleanLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => clean(line))
    .join("\n");
}
