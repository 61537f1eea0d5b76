// Changes of a JSONC text that leave every other character where it was: comments, order, indentation, line ends. Must not
// know what the text configures.
import type { JsoncNode } from "./jsonc.ts";

/** Replaces the characters from `from` up to `to`. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Edits must not overlap. Of two at one place the first one's text comes first. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.from - a.from || edits.indexOf(b) - edits.indexOf(a))
    .reduce((result, { from, to, text: put }) => result.slice(0, from) + put + result.slice(to), text);
}

/** Puts members at the end of an object. */
export function addMembers(
  text: string,
  object: Extract<JsoncNode, { readonly kind: "object" }>,
  entries: readonly (readonly [name: string, value: unknown])[],
): readonly TextEdit[] {
  if (entries.length === 0) return [];
  const last = object.members.at(-1);
  const outer = indentAt(text, object.from);
  const own = last === undefined ? outer + indentUnit(text) : indentAt(text, last.from);
  const unit = own.startsWith(outer) && own !== outer ? own.slice(outer.length) : indentUnit(text);
  const eol = lineEnd(text);
  const isOneLine = last !== undefined && !text.slice(object.from, last.from).includes("\n");
  const write = (value: unknown): string => (isOneLine ? JSON.stringify(value) : written(value, unit, own, eol));
  const lines = entries.map(([name, value]) => `${JSON.stringify(name)}: ${write(value)}`);
  const space = isOneLine ? " " : eol + own;
  const put = space + lines.join(`,${space}`);
  if (last === undefined) {
    // What is between the braces can only be blanks and comments: they stay above.
    const inside = text.slice(object.from + 1, object.to - 1);
    const at = object.from + 1 + inside.trimEnd().length;
    return [{ from: at, to: object.to - 1, text: `${put}${eol}${outer}` }];
  }
  const comma = commaAfter(text, last.to, object.to - 1);
  const behind = endOfLine(text, comma === undefined ? last.to : comma + 1, object.to - 1);
  // A trailing comma is the person's habit: the new last member gets one, too.
  return comma === undefined
    ? [
        { from: last.to, to: last.to, text: "," },
        { from: behind, to: behind, text: put },
      ]
    : [{ from: behind, to: behind, text: `${put},` }];
}

/** Puts an element before all others. */
export function addFirst(
  text: string,
  array: Extract<JsoncNode, { readonly kind: "array" }>,
  value: unknown,
): readonly TextEdit[] {
  const first = array.elements[0];
  const put = JSON.stringify(value);
  if (first === undefined) return [{ from: array.from + 1, to: array.from + 1, text: put }];
  const isOwnLine = /\n\s*$/.test(text.slice(array.from, first.from));
  const space = isOwnLine ? lineEnd(text) + indentAt(text, first.from) : " ";
  return [{ from: first.from, to: first.from, text: `${put},${space}` }];
}

/** Another value in the place of one. */
export function replaceValue(text: string, node: JsoncNode, value: unknown): readonly TextEdit[] {
  const inner = indentAt(text, node.from);
  return [{ from: node.from, to: node.to, text: written(value, indentUnit(text), inner, lineEnd(text)) }];
}

function written(value: unknown, unit: string, inner: string, eol: string): string {
  return JSON.stringify(value, null, unit).replaceAll("\n", eol + inner);
}

function lineEnd(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** The blanks that the line of this offset begins with. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** One step, as the first indented line of a member has it. */
function indentUnit(text: string): string {
  return /\n([ \t]+)"/.exec(text)?.[1] ?? "    ";
}

/** Where a comma stands between two offsets with nothing but blanks and comments before it. */
function commaAfter(text: string, from: number, until: number): number | undefined {
  const between = text.slice(from, until);
  const blank = /^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(between)?.[0].length ?? 0;
  return between[blank] === "," ? from + blank : undefined;
}

/** Behind what is left of this line, which can only be blanks and comments; never behind `until`. */
function endOfLine(text: string, from: number, until: number): number {
  const comments = /^(?:[ \t]*(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/))*/.exec(text.slice(from, until))?.[0] ?? "";
  return from + comments.replace(/\r$/, "").length;
}
