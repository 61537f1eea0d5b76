// JSON for machines: two spaces, one value, and no character that a terminal would obey.

// JSON.stringify escapes those below a space; these it leaves as they are.
const OBEYED = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

export function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    OBEYED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** RFC 3339 in UTC, or null where there is no time. */
export function jsonTime(unixMs: number): string | null {
  return unixMs > 0 ? new Date(unixMs).toISOString() : null;
}
