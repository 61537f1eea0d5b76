// What lists have in common: marks, the order of the rows, and rows taken elsewhere.
import type { ListAction } from "../../keys/actions.ts";
import { type Act, effect, NOTHING, type Outcome, only, tell } from "../outcome.ts";
import { move } from "../position.ts";
import type { Situation } from "../situation.ts";
import { columnsOf, nextSort } from "../sort.ts";
import { type Marks, routeKey } from "../state.ts";
import { copyNames, copyRows } from "../table.ts";

export const LIST_ACTS: Readonly<Record<ListAction, Act>> = {
  mark,
  "mark-range": markRange,
  "mark-all": markAll,
  "sort-next": (situation) => sortBy(situation, 1),
  "sort-previous": (situation) => sortBy(situation, -1),
  "sort-reverse": reverse,
  copy: ({ table, marked, position }) => copied(copyNames(table(), marked, position.id)),
  "copy-row": ({ table, marked, position }) => copied(copyRows(table(), marked, position.id)),
};

/** The next row is selected at once, so that a key held down marks one after the other. */
function mark({ route, ids, position, visible, marked }: Situation): Outcome {
  const { id } = position;
  const next = marked.has(id) ? marked.difference(new Set([id])) : marked.union(new Set([id]));
  const key = routeKey(route);
  return only(
    { kind: "marked", key, marks: marksOf(next, id) },
    { kind: "positioned", key, position: move(position, "down", ids, visible) },
  );
}

function markRange({ state, route, ids, position, marked }: Situation): Outcome {
  const key = routeKey(route);
  const anchor = ids.indexOf(state.marks[key]?.anchor ?? position.id);
  const from = anchor < 0 ? position.index : anchor;
  const range = ids.slice(Math.min(from, position.index), Math.max(from, position.index) + 1);
  return only({ kind: "marked", key, marks: marksOf(marked.union(new Set(range)), position.id) });
}

function markAll({ route, ids, position, marked }: Situation): Outcome {
  const all = new Set(ids);
  const isAll = all.isSubsetOf(marked);
  return only({ kind: "marked", key: routeKey(route), marks: isAll ? undefined : marksOf(all, position.id) });
}

function marksOf(ids: ReadonlySet<string>, anchor: string): Marks | undefined {
  return ids.size === 0 ? undefined : { ids, anchor };
}

function sortBy({ state, route }: Situation, by: 1 | -1): Outcome {
  const sort = nextSort(route.kind, state.sorts[route.kind], by);
  return only({ kind: "sorted", screen: route.kind, sort });
}

function reverse({ state, route }: Situation): Outcome {
  const [own = ""] = columnsOf(route.kind);
  const sort = state.sorts[route.kind] ?? { column: own, isReversed: false };
  return only({ kind: "sorted", screen: route.kind, sort: { ...sort, isReversed: !sort.isReversed } });
}

function copied(text: string): Outcome {
  return text === "" ? NOTHING : effect({ kind: "copy", text });
}

/** By the name of a column, as the palette has it. */
export function sortByColumn(situation: Situation, column: string): Outcome {
  const { route, state } = situation;
  const columns = columnsOf(route.kind);
  if (!columns.includes(column)) return tell(situation, `this list has no column ${column}: ${columns.join(", ")}`);
  const isSame = (state.sorts[route.kind]?.column ?? columns[0]) === column;
  const isReversed = isSame && state.sorts[route.kind]?.isReversed !== true;
  return only({ kind: "sorted", screen: route.kind, sort: { column, isReversed } });
}
