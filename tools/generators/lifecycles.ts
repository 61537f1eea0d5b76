// Prints the state tables of domain as a diagram and a table, so that docs/spec cannot drift from them.
// Arguments: operation or session.
import { OPERATION_ALLOWED, OPERATION_NEXT } from "../../domain/operation/lifecycle.ts";
import { SESSION_ALLOWED, SESSION_NEXT } from "../../domain/session/lifecycle.ts";

type Table = {
  readonly allowed: Readonly<Record<string, readonly string[]>>;
  readonly next: Readonly<Record<string, string>>;
  readonly initial: readonly string[];
};

const TABLES: Readonly<Record<string, Table>> = {
  operation: { allowed: OPERATION_ALLOWED, next: OPERATION_NEXT, initial: ["pending-approval", "queued"] },
  session: { allowed: SESSION_ALLOWED, next: SESSION_NEXT, initial: ["waiting"] },
};

// Mermaid takes a hyphen in a state's name for the start of an arrow.
const id = (state: string): string => state.replaceAll("-", "_");

export function printLifecycle(subject: string): string {
  const table = TABLES[subject];
  if (table === undefined)
    throw new Error(`there is no lifecycle "${subject}"; expected one of ${Object.keys(TABLES).join(", ")}`);
  const { allowed, next, initial } = table;
  const diagram = ["```mermaid", "stateDiagram-v2"];
  for (const state of Object.keys(allowed)) if (state !== id(state)) diagram.push(`  state "${state}" as ${id(state)}`);
  for (const state of initial) diagram.push(`  [*] --> ${id(state)}`);
  for (const [state, events] of Object.entries(allowed)) {
    for (const event of events) diagram.push(`  ${id(state)} --> ${id(next[event] ?? "")}: ${event}`);
    if (events.length === 0) diagram.push(`  ${id(state)} --> [*]`);
  }
  diagram.push("```", "", "| state | takes |", "|---|---|");
  for (const [state, events] of Object.entries(allowed)) {
    diagram.push(`| ${state} | ${events.length === 0 ? "nothing: finished" : events.join(", ")} |`);
  }
  return `${diagram.join("\n")}\n`;
}

if (import.meta.main) process.stdout.write(printLifecycle(process.argv[2] ?? ""));
