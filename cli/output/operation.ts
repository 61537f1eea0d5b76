// Operations as JSON (DESIGN: `operation show`) and for people.
import { HEADINGS } from "../../domain/face/headings.ts";
import { isFinished } from "../../domain/operation/lifecycle.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import type { Terminal } from "../terminal.ts";
import { printFacts } from "./facts.ts";
import { jsonTime } from "./json.ts";
import { ago, counted, localTime, short, stateCell } from "./words.ts";

/** The shape of `operation show -o json` and of one element of `operation list -o json`. */
export function operationJson(operation: OperationView): Readonly<Record<string, unknown>> {
  return {
    id: operation.id,
    endpoint: operation.endpoint,
    state: operation.state,
    step: operation.step ?? null,
    percent: operation.percent,
    startedAt: jsonTime(operation.startedAtMs),
    finishedAt: jsonTime(operation.finishedAtMs),
    outcome: isFinished(operation.state) || operation.state === "interrupted" ? operation.state : null,
    problems: operation.problems,
    message: operation.message,
    author: operation.author,
    createdAt: jsonTime(operation.createdAtMs),
    targetRevision: operation.targetRevision,
    revert: operation.isRevert,
    planDigest: operation.planDigest,
    changes: operation.changes,
  };
}

export function printOperations(terminal: Terminal, operations: readonly OperationView[]): void {
  terminal.printTable(
    [
      { title: HEADINGS.operation },
      { title: HEADINGS.endpoint },
      { title: "WHAT" },
      { title: HEADINGS.state },
      { title: "", align: "right" },
      { title: HEADINGS.when },
      { title: HEADINGS.by },
      { title: HEADINGS.message, flexible: true },
    ],
    operations.map((one) => [
      one.id,
      one.endpoint,
      what(one),
      stateCell(one.state, terminal),
      one.state === "running" ? `${String(one.percent)}%` : "",
      localTime(one.createdAtMs),
      one.author,
      one.problems[0] ?? one.message,
    ]),
  );
}

export function printOperation(terminal: Terminal, operation: OperationView): void {
  const { paint } = terminal;
  printFacts(terminal, [
    ["operation", { text: operation.id, paint: (text) => paint("strong", text) }],
    ["endpoint", operation.endpoint],
    ["what", `${what(operation)}, ${counted(operation.changes, "package")}, by ${operation.author}`],
    ["state", stateCell(operation.state, terminal)],
    ["step", operation.step === undefined ? "" : `${operation.step}, ${String(operation.percent)}%`],
    ["message", operation.message],
    ["created", `${localTime(operation.createdAtMs)} (${ago(operation.createdAtMs)})`],
    ["started", localTime(operation.startedAtMs)],
    ["finished", localTime(operation.finishedAtMs)],
    ["plan", short(operation.planDigest)],
    ...operation.problems.map(
      (problem) => ["problem", { text: problem, paint: (text: string) => paint("danger", text) }] as const,
    ),
  ]);
}

function what(operation: OperationView): string {
  return `${operation.isRevert ? "revert of target" : "sync to target"} ${String(operation.targetRevision)}`;
}
