// The moments that a machine can be returned to, as JSON and for people.
import type { Moment } from "../../agent/moments.ts";
import type { Terminal } from "../terminal.ts";
import { jsonTime } from "./json.ts";
import { ago, counted, localTime } from "./words.ts";

/** The shape of one element of `revert --list -o json`. */
export function momentJson(moment: Moment): Readonly<Record<string, unknown>> {
  const { operationId, atMs, targetRevision, isRevert, packages, changes, missingFiles, isNext } = moment;
  return {
    operationId,
    time: jsonTime(atMs),
    targetRevision,
    revert: isRevert,
    packages,
    changes,
    missingFiles,
    next: isNext,
  };
}

export function printMoments(terminal: Terminal, moments: readonly Moment[]): void {
  const { paint } = terminal;
  terminal.printTable(
    [
      { title: "" },
      { title: "BEFORE" },
      { title: "" },
      { title: "WHAT FOLLOWED" },
      { title: "PACKAGES", align: "right" },
      { title: "TO CHANGE", align: "right" },
      { title: "FILES", flexible: true },
      { title: "OPERATION" },
    ],
    moments.map((moment) => [
      moment.isNext ? "→" : "",
      localTime(moment.atMs),
      ago(moment.atMs),
      followed(moment),
      String(moment.packages),
      String(moment.changes),
      files(moment, paint),
      moment.operationId,
    ]),
  );
  terminal.print(paint("muted", "→ is where `pacpool revert` leads; another by `pacpool revert --operation ID`."));
}

function followed({ isRevert, targetRevision }: Moment): string {
  if (isRevert) return "a revert";
  return targetRevision === 0 ? "an update" : `sync to target ${String(targetRevision)}`;
}

function files({ missingFiles }: Moment, paint: Terminal["paint"]) {
  if (missingFiles.length === 0) return { text: "all here", paint: (text: string) => paint("good", text) };
  const text = `${counted(missingFiles.length, "file")} not here: ${missingFiles.slice(0, 3).join(", ")}`;
  return { text, paint: (shown: string) => paint("notice", shown) };
}
