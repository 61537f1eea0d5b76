// The reach of a target as JSON and as tables: totals, and what each machine lacks.
import { HEADINGS } from "../../domain/face/headings.ts";
import type { EndpointReach, LackWhy, TargetReach } from "../../domain/files/target-reach.ts";
import type { Terminal } from "../terminal.ts";
import { counted, size } from "./words.ts";

/** Every file is kept, and every machine can reach the target. */
export function isWhole({ filesMissing, endpoints }: TargetReach): boolean {
  return filesMissing === 0 && endpoints.every(({ reachable }) => reachable);
}

export function reachJson(reach: TargetReach): Readonly<Record<string, unknown>> {
  return {
    pool: reach.pool,
    revision: reach.revision,
    fetching: reach.fetching,
    files: reach.files,
    filesKept: reach.filesKept,
    bytesKept: reach.bytesKept,
    filesMissing: reach.filesMissing,
    endpoints: reach.endpoints.map(({ endpoint, reachable, lacking, lackingCount, unknownBecause }) => ({
      name: endpoint,
      reachable,
      lacking,
      lackingCount,
      unknownBecause: unknownBecause === "" ? null : unknownBecause,
    })),
  };
}

export function progressLine({ filesKept, files, bytesKept }: TargetReach): string {
  return `fetching: ${String(filesKept)} of ${counted(files, "file")}, ${size(bytesKept)} kept`;
}

const WHY = {
  nowhere: "no mirror, machine or archive has given it",
  "sha256-unknown": "no repository of the target has this version, and no cache has its file",
  unsigned: "found without a signature; unsigned files never travel",
  class: "no repository of this machine's class has it",
  "no-space": "the server's disk is too full to keep it",
} as const satisfies Record<LackWhy, string>;

export function printReach(terminal: Terminal, reach: TargetReach): void {
  const { pool, revision, files, filesKept, filesMissing, bytesKept, endpoints } = reach;
  terminal.print(
    `Target ${String(revision)} of ${pool}: ${String(filesKept)} of ${counted(files, "file")} kept, ${size(bytesKept)}.`,
  );
  if (endpoints.length > 0) {
    terminal.printTable(
      [
        { title: HEADINGS.endpoint },
        { title: "REACH" },
        { title: "LACKS", align: "right" },
        { title: "", flexible: true },
      ],
      endpoints.map((one) => [
        one.endpoint,
        reachCell(terminal, one),
        one.lackingCount === 0 ? "" : String(one.lackingCount),
        one.unknownBecause,
      ]),
    );
  }
  const lines = endpoints.flatMap((one) =>
    one.lacking.map(({ name, version, why }) => [one.endpoint, name, version, WHY[why]]),
  );
  if (lines.length > 0) {
    terminal.print("");
    terminal.printTable(
      [
        { title: HEADINGS.endpoint },
        { title: HEADINGS.package },
        { title: "VERSION" },
        { title: HEADINGS.why, flexible: true },
      ],
      lines.slice(0, MAX_LINES),
    );
    if (lines.length > MAX_LINES) terminal.print(`and ${String(lines.length - MAX_LINES)} more; -o json has them`);
  } else if (filesMissing > 0) {
    terminal.note(
      `${counted(filesMissing, "file")} that machines have installed could not be kept: after a change they could not come back.`,
    );
  }
}

/** A screen or two; whoever needs all of them reads JSON. */
const MAX_LINES = 100;

function reachCell(terminal: Terminal, { reachable, unknownBecause }: EndpointReach) {
  if (unknownBecause !== "") return { text: "unknown", paint: (text: string) => terminal.paint("muted", text) };
  return reachable
    ? { text: "yes", paint: (text: string) => terminal.paint("good", text) }
    : { text: "no", paint: (text: string) => terminal.paint("danger", text) };
}
