// What stands beside a text being typed: its keys, what can follow, or what is wrong with it.
import type { TextField } from "../keys/text-field.ts";
import { compileQuery, completeQuery } from "../query/query.ts";
import { vocabularyOf } from "../query/vocabularies.ts";
import type { Route } from "../store/state.ts";
import type { Line } from "../theme.ts";

export function hintLine(pairs: readonly (readonly [string, string])[]): Line {
  return pairs.flatMap(
    ([key, label]): Line => [
      { text: key, tone: "key" },
      { text: ` ${label}  `, tone: "muted" },
    ],
  );
}

/** Words that are offered; the line is cut at the edge of the screen. */
const MAX_OFFERED = 9;

export function filterAside({ text, cursor }: TextField, route: Route): Line {
  const vocabulary = vocabularyOf(route.kind);
  const { problem } = compileQuery(text, vocabulary);
  if (problem !== undefined) return [{ text: `! ${problem}`, tone: "notice" }];
  const before = Array.from(text).slice(0, cursor).join("");
  const next = completeQuery(before, vocabulary).slice(0, MAX_OFFERED);
  const words = next.map((word) => word.slice(word.lastIndexOf(",") + 1).replace(/^[^:]*:(?=.)/u, ""));
  if (words.length === 0) return hintLine(KEPT);
  return [...hintLine([["Tab", words.join(" ")]]), ...hintLine(KEPT)];
}

const KEPT = [
  ["Enter", "keep"],
  ["Esc", "clear"],
] as const;
