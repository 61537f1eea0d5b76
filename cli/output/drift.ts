// Drift as JSON and as a table.

import type { DriftKind } from "../../domain/drift/drift.ts";
import { DRIFT_FACES } from "../../domain/face/faces.ts";
import { HEADINGS } from "../../domain/face/headings.ts";
import type { DriftLine } from "../../rpc/codec/drift.ts";
import type { Terminal } from "../terminal.ts";
import { faceCell } from "./words.ts";

/** Whether it is one that this program knows. */
export function isDriftKind(kind: unknown): kind is DriftKind {
  return typeof kind === "string" && Object.hasOwn(DRIFT_FACES, kind);
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

export function printDrift(
  terminal: Terminal,
  lines: readonly DriftLine[],
  titles: readonly [string, string] = [HEADINGS.here, HEADINGS.target],
): void {
  const [installed, wanted] = titles;
  terminal.printTable(
    [
      { title: HEADINGS.package },
      { title: HEADINGS.how },
      { title: installed },
      { title: wanted },
      { title: HEADINGS.why, flexible: true },
    ],
    lines.map((line) => [line.name, faceCell(DRIFT_FACES[line.kind], terminal), line.installed, line.wanted, line.why]),
  );
}
