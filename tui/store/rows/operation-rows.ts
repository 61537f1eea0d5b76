// An operation as rows: what it comes to and what to do, what waits for a person, its problems, its log and its changes.
import { OPERATION_FACES } from "../../../domain/face/faces.ts";
import { hasTransactionBegun, isFinished } from "../../../domain/operation/lifecycle.ts";
import type { OperationView } from "../../../rpc/codec/operation.ts";
import type { Tone } from "../../theme.ts";
import { clock } from "../../words.ts";
import { type LogLine, wholeLog } from "../operation-log.ts";
import type { LoadedValue } from "../state.ts";
import { undecided } from "./conflict-rows.ts";
import { type ListItem, type ListRow, sectionRows } from "./list-row.ts";
import { planItems } from "./plan-items.ts";

export function operationRows(
  operation: OperationView | undefined,
  value: LoadedValue | undefined,
  log: readonly LogLine[] | undefined,
  filter: string,
): readonly ListRow[] {
  if (operation === undefined) return [];
  const loaded = value?.kind === "operation" ? value : undefined;
  const waiting = undecided(loaded?.conflicts ?? []);
  const changes = loaded?.plan === undefined ? [] : planItems(loaded.plan, operation.poolId);
  return sectionRows(
    [
      { id: "now", title: isFinished(operation.state) ? "outcome" : "now", items: nowItems(operation, waiting.length) },
      { id: "problems", title: "what is wrong, and what to do", items: operation.problems.map(problemItem) },
      {
        id: "log",
        title: "log",
        items: wholeLog(loaded?.log ?? [], log ?? [])
          .map(logItem)
          .reverse(),
      },
      { id: "changes", title: "changes", items: changes },
    ],
    filter,
  );
}

function nowItems(operation: OperationView, waiting: number): readonly ListItem[] {
  const { state, message } = operation;
  // The last word of progress is no news once it is over.
  const news = isFinished(state) || message === "" ? OPERATION_FACES[state].meaning : message;
  const { glyph, role } = OPERATION_FACES[state];
  const next = nextWords(operation, waiting);
  return [
    sentenceItem("news", glyph, role, news),
    ...(next === "" ? [] : [sentenceItem("next", "→", "accent", next)]),
    ...(isFinished(state) ? [] : [sentenceItem("cancel", "·", "muted", cancelWords(operation))]),
  ];
}

/** What cancelling means by now. */
export function cancelWords({ state, step }: OperationView): string {
  if (state === "pending-approval" || state === "queued") return "c cancels it: nothing has begun, nothing is changed";
  if (state === "interrupted") return "it cannot be cancelled: it began, and r brings it to its end";
  if (step !== undefined && hasTransactionBegun(step)) {
    return "pacman has begun: it finishes, whatever is asked; R on the endpoint goes back afterwards";
  }
  return "c cancels it: pacman has not begun, nothing is changed; files that were fetched stay";
}

function nextWords({ state, isRevert }: OperationView, waiting: number): string {
  switch (state) {
    case "pending-approval":
      return waiting > 0
        ? `${waiting} ${waiting === 1 ? "package waits" : "packages wait"} for a decision: x shows them`
        : "everything is decided: a shows the plan as it is now, and approves it";
    case "queued":
    case "delivered":
      return "it begins as soon as the machine is there and allows it";
    case "degraded":
    case "interrupted":
      return "r repairs it; R on the endpoint takes the machine back";
    case "failed":
    case "refused":
      return "nothing was changed; p on the endpoint makes a new plan";
    case "succeeded":
      return isRevert ? "the machine is back at its own set" : "R on the endpoint takes it back";
    case "running":
    case "cancelled":
      return "";
  }
}

function sentenceItem(id: string, glyph: string, tone: Tone, text: string): ListItem {
  const cells = [
    { text: glyph, tone, width: 1 },
    { text, grow: 1 },
  ];
  return { kind: "item", id, cells, why: text };
}

function problemItem(problem: string, index: number): ListItem {
  return sentenceItem(`problem ${index}`, "!", "alarm", problem);
}

function logItem({ atMs, step, percent, message }: LogLine, index: number): ListItem {
  const text = message === "" ? (step ?? "") : message;
  return {
    kind: "item",
    id: `log ${index} ${atMs}`,
    cells: [
      { text: clock(atMs), tone: "muted", width: 8 },
      { text: `${percent} %`, tone: "muted", width: 5, align: "right", from: 60 },
      { text, grow: 1 },
    ],
    why: text,
    words: step ?? "",
  };
}
