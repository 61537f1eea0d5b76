// Conflicts as rows: what a machine changed by itself against its target, those that wait for a person first.
import type { ConflictView } from "../../../rpc/codec/policy.ts";
import { type ListItem, type ListRow, sectionRows } from "./list-row.ts";

/** A selection must name endpoint and package: one machine has many, and one package is on many. */
export function conflictId({ endpointId, name }: Pick<ConflictView, "endpointId" | "name">): string {
  return `${endpointId} ${name}`;
}

export function conflictRows(conflicts: readonly ConflictView[], filter: string): readonly ListRow[] {
  const waiting = conflicts.filter((one) => one.take === undefined);
  const decided = conflicts.filter((one) => one.take !== undefined);
  return sectionRows(
    [
      { id: "waiting", title: "wait for you", items: waiting.map(conflictItem), titles: TITLES },
      { id: "decided", title: "decided", items: decided.map(conflictItem), titles: TITLES },
    ],
    filter,
  );
}

export function undecided(conflicts: readonly ConflictView[]): readonly ConflictView[] {
  return conflicts.filter((one) => one.take === undefined);
}

const TITLES = [
  { text: "TAKES", width: 10 },
  { text: "PACKAGE", grow: 3 },
  { text: "WAS", grow: 2, from: 90 },
  { text: "HERE", grow: 2 },
  { text: "TARGET", grow: 2 },
  { text: "ENDPOINT", grow: 2, from: 70 },
] as const;

function conflictItem(one: ConflictView): ListItem {
  return {
    kind: "item",
    id: conflictId(one),
    cells: [
      { ...takeWords(one), width: 10 },
      { text: one.name, grow: 3 },
      { text: one.base === "" ? "–" : one.base, tone: "muted", grow: 2, from: 90 },
      { text: one.installed === "" ? "–" : one.installed, tone: one.take === "current" ? "strong" : "plain", grow: 2 },
      { text: one.target === "" ? "–" : one.target, tone: one.take === "target" ? "strong" : "plain", grow: 2 },
      { text: one.endpoint, tone: "muted", grow: 2, from: 70 },
    ],
    why: one.decidedBy === "" ? one.why : `${one.why}; decided by ${one.decidedBy}`,
    opens: { kind: "package", poolId: "", name: one.name },
  };
}

function takeWords({ take }: ConflictView) {
  if (take === undefined) return { text: "? choose", tone: "notice" } as const;
  return take === "target"
    ? ({ text: "→ target", tone: "good" } as const)
    : ({ text: "■ stays", tone: "muted" } as const);
}
