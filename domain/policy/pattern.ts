// The patterns of rules: a name, a glob as in pacman's IgnorePkg (fnmatch: *, ?, [sets], \ before a literal), or @ and a
// group's name or glob. A pattern never throws: one that is no valid set matches its own letters, as with fnmatch.
import { invalidField } from "../refusal.ts";

/** Characters; a package name has at most 200. */
export const MAX_PATTERN_LENGTH = 255;

// What a package's or group's name may have, and what globs add; "@" only in front.
const PATTERN = /^@?[A-Za-z0-9*?[\]!^\\+_][!-.0-~]*$/;

/** Refuses INVALID_FIELD. */
export function checkPattern(field: string, pattern: string): string {
  if (pattern.length > MAX_PATTERN_LENGTH || !PATTERN.test(pattern)) {
    throw invalidField(field, pattern, "a package name, a glob such as linux*, or @ and a group's name");
  }
  return pattern;
}

export interface Matcher {
  readonly matches: (text: string) => boolean;
}

/** Any of the globs. Plain names cost one look-up together. */
export function matchGlobs(globs: readonly string[]): Matcher {
  const names = new Set(globs.filter((glob) => !/[*?[\\]/.test(glob)));
  const patterns = globs.filter((glob) => !names.has(glob)).map(globPattern);
  return { matches: (text) => names.has(text) || patterns.some((pattern) => pattern.test(text)) };
}

/** The same as fnmatch(3) without flags. */
export function globPattern(glob: string): RegExp {
  let text = "";
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob[at] ?? "";
    if (character === "*") text += "[\\s\\S]*";
    else if (character === "?") text += "[\\s\\S]";
    else if (character === "\\" && at + 1 < glob.length) {
      at += 1;
      text += literal(glob[at] ?? "");
    } else if (character === "[") {
      const set = readSet(glob, at);
      text += set?.text ?? literal(character);
      at = set?.end ?? at;
    } else text += literal(character);
  }
  return new RegExp(`^${text}$`);
}

/** A set from its "[" on, with the place of its "]"; undefined when it has none. A "]" that comes first is a member. */
function readSet(glob: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const isNegated = glob[start + 1] === "!" || glob[start + 1] === "^";
  const first = start + (isNegated ? 2 : 1);
  const end = glob.indexOf("]", first + 1);
  if (end < 0) return undefined;
  const members = glob.slice(first, end).replaceAll(/[\\\]^[]/g, String.raw`\$&`);
  try {
    // A range that runs backwards matches nothing in fnmatch, and is an error here.
    const text = `[${isNegated ? "^" : ""}${members}]`;
    new RegExp(text);
    return { text, end };
  } catch {
    return { text: isNegated ? "[\\s\\S]" : "(?!)", end };
  }
}

function literal(character: string): string {
  return character.replace(/[\\^$.|?*+(){}[\]/-]/, String.raw`\$&`);
}
