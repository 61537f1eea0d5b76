// What changes in a text, as people know it from diff -u.

/** Files of people are some hundred lines; the table of the comparison grows with the square. */
const MAX_COMPARED_LINES = 2_000;
const CONTEXT = 3;

type Line = { readonly kind: " " | "-" | "+"; readonly text: string };

/** Lines without their ends, file names first; empty when the texts are equal. */
export function unifiedDiff(name: string, before: string, after: string): readonly string[] {
  if (before === after) return [];
  const lines = compare(linesOf(before), linesOf(after));
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ kind }) => kind !== " "),
  );
  const shown: string[] = [`--- ${before === "" ? "/dev/null" : name}`, `+++ ${name}`];
  let old = 1;
  let now = 1;
  for (const [at, line] of lines.entries()) {
    if (near[at] === true) {
      if (near[at - 1] !== true) shown.push(hunkTitle(lines, near, at, old, now));
      shown.push(`${line.kind}${line.text}`);
    }
    if (line.kind !== "+") old += 1;
    if (line.kind !== "-") now += 1;
  }
  return shown;
}

function hunkTitle(lines: readonly Line[], near: readonly boolean[], at: number, old: number, now: number): string {
  const end = near.indexOf(false, at);
  const hunk = lines.slice(at, end === -1 ? undefined : end);
  const count = (without: string): string => String(hunk.filter(({ kind }) => kind !== without).length);
  return `@@ -${String(old)},${count("+")} +${String(now)},${count("-")} @@`;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail))
    tail += 1;
  const same = (text: string): Line => ({ kind: " ", text });
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** By the longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): readonly Line[] {
  if (before.length > MAX_COMPARED_LINES || after.length > MAX_COMPARED_LINES) {
    return [...before.map((text): Line => ({ kind: "-", text })), ...after.map((text): Line => ({ kind: "+", text }))];
  }
  const width = after.length + 1;
  const common = new Uint16Array((before.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: Line[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const [old, now] = [before[row], after[column]];
    if (old !== undefined && old === now) {
      lines.push({ kind: " ", text: old });
      row += 1;
      column += 1;
    } else if (old !== undefined && (now === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ kind: "-", text: old });
      row += 1;
    } else {
      lines.push({ kind: "+", text: now ?? "" });
      column += 1;
    }
  }
  return lines;
}
