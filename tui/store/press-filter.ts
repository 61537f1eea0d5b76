// A filter being typed: what a key does to its text. Pure.
import { editField } from "../keys/text-field.ts";
import { completeQuery } from "../query/query.ts";
import { vocabularyOf } from "../query/vocabularies.ts";
import { NOTHING, type Outcome, only } from "./outcome.ts";
import type { StoreEvent } from "./reduce.ts";
import { filterOf } from "./select.ts";
import type { Situation } from "./situation.ts";
import { type Route, routeKey } from "./state.ts";

/** Characters of a filter; more never narrows a list further. */
const MAX_FILTER = 100;

export function pressInFilter(key: string, { state, route }: Situation): Outcome {
  const done: StoreEvent = { kind: "filtering", isFiltering: false };
  const changed = (text: string, cursor: number): StoreEvent => ({
    kind: "filtered",
    key: routeKey(route),
    text,
    cursor,
  });
  if (key === "escape") return only(done, changed("", 0));
  if (key === "enter" || key === "down" || key === "up") return only(done);
  const field = { text: filterOf(state, route), cursor: state.filterCursor };
  if (key === "backspace" && field.text === "") return only(done);
  if (key === "tab" || key === "backtab") {
    const next = completed(field.text, field.cursor, route);
    return next === undefined ? NOTHING : only(changed(next.text, next.cursor));
  }
  const next = editField(field, key, MAX_FILTER);
  return next === undefined ? NOTHING : only(changed(next.text, next.cursor));
}

/** The word before the cursor made longer; a word that is whole gives way to the next one of its kind. */
function completed(text: string, cursor: number, route: Route) {
  const characters = Array.from(text);
  const before = characters.slice(0, cursor).join("");
  const after = characters.slice(cursor).join("");
  const at = before.lastIndexOf(" ") + 1;
  const word = before.slice(at);
  const vocabulary = vocabularyOf(route.kind);
  const [first, second] = completeQuery(before, vocabulary);
  const next = first === word ? (second ?? following(before, word, vocabulary)) : first;
  if (next === undefined) return undefined;
  const made = before.slice(0, at) + next;
  return { text: made + after, cursor: Array.from(made).length };
}

function following(before: string, word: string, vocabulary: ReturnType<typeof vocabularyOf>): string | undefined {
  const from = Math.max(word.lastIndexOf(":"), word.lastIndexOf(",")) + 1;
  const all = completeQuery(before.slice(0, before.length - (word.length - from)), vocabulary);
  return all[(all.indexOf(word) + 1) % all.length];
}

/** Pasted or opened with a text: the whole filter at once. */
export function filteredTo(route: Route, text: string): StoreEvent {
  return { kind: "filtered", key: routeKey(route), text: Array.from(text).slice(0, MAX_FILTER).join("") };
}
