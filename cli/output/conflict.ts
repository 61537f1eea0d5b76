// Conflicts as JSON and as a table: what an endpoint changed by itself, against what its target wants.
import { HEADINGS } from "../../domain/face/headings.ts";
import type { ConflictView } from "../../rpc/codec/policy.ts";
import type { Terminal } from "../terminal.ts";
import { jsonTime } from "./json.ts";

/** The shape of one element of `conflict list -o json`. `take` is null while nobody has chosen. */
export function conflictJson(one: ConflictView): Readonly<Record<string, unknown>> {
  return {
    endpoint: one.endpoint,
    name: one.name,
    base: one.base === "" ? null : one.base,
    installed: one.installed,
    target: one.target,
    targetRevision: Number(one.targetRevision),
    take: one.take ?? null,
    why: one.why,
    decidedBy: one.decidedBy === "" ? null : one.decidedBy,
    decidedAt: one.decidedAtMs === undefined ? null : jsonTime(one.decidedAtMs),
  };
}

export function printConflicts(terminal: Terminal, conflicts: readonly ConflictView[]): void {
  terminal.printTable(
    [
      { title: HEADINGS.endpoint },
      { title: HEADINGS.package },
      { title: "WAS" },
      { title: HEADINGS.here },
      { title: HEADINGS.target },
      { title: "TAKES" },
      { title: HEADINGS.why, flexible: true },
    ],
    conflicts.map((one) => [
      one.endpoint,
      { text: one.name, paint: (text: string) => terminal.paint("strong", text) },
      one.base === "" ? "-" : one.base,
      one.installed,
      one.target,
      one.take === undefined
        ? { text: "undecided", paint: (text: string) => terminal.paint("danger", text) }
        : one.take,
      one.why,
    ]),
  );
}
