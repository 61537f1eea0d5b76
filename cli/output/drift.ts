// Drift as JSON and as a table.
import type { DriftKind } from "../../domain/drift/drift.ts";
import type { DriftLine } from "../../rpc/codec/drift.ts";
import type { Terminal, Tone } from "../terminal.ts";

const TONE = {
  older: "notice",
  newer: "busy",
  rebuilt: "notice",
  missing: "notice",
  extra: "notice",
  reason: "notice",
  replaced: "notice",
  held: "faint",
  foreign: "faint",
  unavailable: "faint",
} as const satisfies Record<DriftKind, Tone>;

/** Whether it is one that this program knows. */
export function isDriftKind(kind: unknown): kind is DriftKind {
  return typeof kind === "string" && Object.hasOwn(TONE, kind);
}

/** One element of `diff -o json`. A version is null where there is none on that side. */
export function driftJson(line: DriftLine): Readonly<Record<string, unknown>> {
  return {
    name: line.name,
    kind: line.kind,
    installedVersion: line.installed === "" ? null : line.installed,
    targetVersion: line.wanted === "" ? null : line.wanted,
    why: line.why,
  };
}

export function printDrift(terminal: Terminal, lines: readonly DriftLine[], titles = ["INSTALLED", "TARGET"]): void {
  const [installed = "", wanted = ""] = titles;
  terminal.printTable(
    [{ title: "PACKAGE" }, { title: "IS" }, { title: installed }, { title: wanted }, { title: "WHY", flexible: true }],
    lines.map((line) => [
      line.name,
      { text: line.kind, paint: (text: string) => terminal.paint(TONE[line.kind], text) },
      line.installed,
      line.wanted,
      line.why,
    ]),
  );
}
