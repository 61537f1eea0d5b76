// What servers and machines name themselves is not trusted to be printable: control characters could move the cursor,
// rewrite the screen or turn the direction of text. Cleaned once where data comes in, so that no screen has to think of it.

// Controls of both sets, line and paragraph separators, direction overrides, invisible joiners, the byte order mark.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const SAFE = /^[\u0020-\u007e]*$/u;

/** The same text with a space for each unprintable character, and no broken surrogates. */
export function cleanText(text: string): string {
  return SAFE.test(text) ? text : text.toWellFormed().replace(UNPRINTABLE, " ");
}

/** The same value with every string in it cleaned: plain objects, arrays, maps; anything else as it is. */
export function clean<Value>(value: Value): Value {
  return cleaned(value) as Value;
}

function cleaned(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cleaned);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [cleaned(key), cleaned(one)]));
  const result: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) result[key] = cleaned(one);
  return result;
}
