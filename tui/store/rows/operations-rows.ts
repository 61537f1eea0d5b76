// Operations as a history: what was done where, when, by whom, and what came of it; what is under way first.
import { OPERATION_FACES } from "../../../domain/face/faces.ts";
import { isFinished } from "../../../domain/operation/lifecycle.ts";
import type { OperationView } from "../../../rpc/codec/operation.ts";
import { duration, moment, plural } from "../../words.ts";
import { type ListItem, type ListRow, sectionRows } from "./list-row.ts";

/** The watch knows better than what was read. */
export function operationsRows(
  read: readonly OperationView[],
  watched: ReadonlyMap<string, OperationView>,
  filter: string,
): readonly ListRow[] {
  const operations = read.map((one) => watched.get(one.id) ?? one);
  const items = (isOver: boolean): readonly ListItem[] =>
    operations.filter(({ state }) => isFinished(state) === isOver).map(operationItem);
  return sectionRows(
    [
      { id: "under-way", title: "under way", items: items(false), titles: TITLES },
      { id: "over", title: "over", items: items(true), titles: TITLES },
    ],
    filter,
  );
}

const TITLES = [
  { text: "STATE", width: 18 },
  { text: "ENDPOINT", grow: 3 },
  { text: "DEED", grow: 3 },
  { text: "CHANGES", width: 7, align: "right", from: 70 },
  { text: "BEGAN", width: 16 },
  { text: "TOOK", width: 12, align: "right", from: 90 },
  { text: "BY", grow: 2, from: 100 },
] as const;

function operationItem(one: OperationView): ListItem {
  const { glyph, word, role, meaning } = OPERATION_FACES[one.state];
  const took = one.startedAtMs === 0 || one.finishedAtMs === 0 ? "" : duration(one.finishedAtMs - one.startedAtMs);
  const progress = one.state === "running" ? ` ${one.percent} %` : "";
  return {
    kind: "item",
    id: one.id,
    name: one.id,
    cells: [
      { text: `${glyph} ${word}${progress}`, tone: role, width: 18 },
      { text: one.endpoint, grow: 3 },
      { text: deedOf(one), grow: 3 },
      { text: String(one.changes), width: 7, align: "right", from: 70 },
      { text: moment(one.startedAtMs || one.createdAtMs), tone: "muted", width: 16 },
      { text: took, tone: "muted", width: 12, align: "right", from: 90 },
      { text: one.author, tone: "muted", grow: 2, from: 100 },
    ],
    why: `${deedOf(one)} by ${one.author}, ${plural(one.changes, "change")}: ${one.problems[0] ?? meaning}`,
    opens: { kind: "operation", operationId: one.id },
  };
}

/** For example "sync to target 4"; what restores an endpoint's own set is a revert. */
export function deedOf({ isRevert, targetRevision }: Pick<OperationView, "isRevert" | "targetRevision">): string {
  if (isRevert) return "revert";
  return targetRevision === 0 ? "repair" : `sync to target ${targetRevision}`;
}
