// A line of text being typed: pure, so that keys of any speed and in any portion give the same text.

export interface TextField {
  readonly text: string;
  /** Characters before the cursor. */
  readonly cursor: number;
}

export const EMPTY_FIELD: TextField = { text: "", cursor: 0 };

/** The field after a key, or undefined when the key does not edit text. `limit` bounds its characters. */
export function editField(field: TextField, key: string, limit: number): TextField | undefined {
  const characters = Array.from(field.text);
  const { cursor } = field;
  const made = (kept: readonly string[], at: number): TextField => ({ text: kept.join(""), cursor: at });
  switch (key) {
    case "left":
      return { ...field, cursor: Math.max(0, cursor - 1) };
    case "right":
      return { ...field, cursor: Math.min(characters.length, cursor + 1) };
    case "home":
    case "ctrl-a":
      return { ...field, cursor: 0 };
    case "end":
    case "ctrl-e":
      return { ...field, cursor: characters.length };
    case "backspace":
      return cursor === 0 ? field : made(characters.toSpliced(cursor - 1, 1), cursor - 1);
    case "delete":
    case "ctrl-d":
      return made(characters.toSpliced(cursor, 1), cursor);
    case "ctrl-b":
      return editField(field, "left", limit);
    case "ctrl-f":
      return editField(field, "right", limit);
    case "ctrl-k":
      return made(characters.slice(0, cursor), cursor);
    case "ctrl-u":
      return made(characters.slice(cursor), 0);
    case "ctrl-w": {
      const before = characters
        .slice(0, cursor)
        .join("")
        .replace(/\S*\s*$/u, "");
      const kept = Array.from(before);
      return made([...kept, ...characters.slice(cursor)], kept.length);
    }
    case "space":
      return editField(field, " ", limit);
    default:
      if (!isPrintable(key)) return undefined;
      return characters.length >= limit ? field : made(characters.toSpliced(cursor, 0, key), cursor + 1);
  }
}

/** Keys with a name have several characters; a character has one, whatever its length in UTF-16. */
function isPrintable(key: string): boolean {
  return Array.from(key).length === 1 && !/\p{Cc}/u.test(key);
}
