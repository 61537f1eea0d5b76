// What an operation is about to do, on disk before it does it: STATE/operations/ID/journal, one JSON object per line. The
// next start reads it to say what happened. Knows nothing of how any step works.
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { OperationStep } from "../domain/operation/lifecycle.ts";
import type { FinishedState } from "./orders/order-book.ts";
import type { DetachedRun } from "./pacman/process.ts";

export type JournalEntry =
  | { readonly kind: "begun"; readonly fence: number; readonly planDigest: string; readonly atMs: number }
  | { readonly kind: "step"; readonly step: OperationStep }
  /** From here on the machine may change. */
  | {
      readonly kind: "committed";
      /** Names whose entries this operation may tear. */
      readonly names: readonly string[];
      /** Removed by name once the rest is installed. */
      readonly lateRemovals: readonly string[];
      /** False when there is nothing to install, only to remove or to set reasons. */
      readonly hasInstall: boolean;
      readonly configurationFile: string;
      /** Bytes of pacman's log before. */
      readonly logOffset: number;
      /** What `pacman -Dk` says already; it is not this operation's doing. */
      readonly knownComplaints: readonly string[];
      readonly atMs: number;
    }
  | { readonly kind: "run"; readonly name: string; readonly run: DetachedRun }
  | { readonly kind: "run-ended"; readonly name: string; readonly code: number }
  | {
      readonly kind: "finished";
      readonly state: FinishedState;
      readonly problems: readonly string[];
      readonly atMs: number;
    };

export interface Journal {
  readonly operationId: string;
  /** Holds everything of this operation. */
  readonly directory: string;
  readonly entries: readonly JournalEntry[];
  /** Returns when the disk has it. */
  append(entry: JournalEntry): void;
}

export function operationsDirOf(stateDir: string): string {
  return join(stateDir, "operations");
}

/** Opens the journal of an operation, a new one or that of an earlier attempt. */
export function openJournal(stateDir: string, operationId: string): Journal {
  const directory = join(operationsDirOf(stateDir), safeName(operationId));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, "journal");
  const entries = [...readEntries(file)];
  return {
    operationId,
    directory,
    entries,
    append(entry) {
      entries.push(entry);
      const descriptor = openSync(file, "a", 0o600);
      try {
        writeSync(descriptor, `${JSON.stringify(entry)}\n`);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** The entries of the newest attempt. */
export function attemptOf(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  return entries.slice(
    Math.max(
      0,
      entries.findLastIndex(({ kind }) => kind === "begun"),
    ),
  );
}

/** How the newest attempt ended; undefined while it runs, and after a kill. */
export function endOf(entries: readonly JournalEntry[]): Extract<JournalEntry, { kind: "finished" }> | undefined {
  return attemptOf(entries).findLast((entry) => entry.kind === "finished");
}

/** Journals on disk, by operation. */
export function listJournals(stateDir: string): readonly Journal[] {
  try {
    return readdirSync(operationsDirOf(stateDir)).map((name) => openJournal(stateDir, name));
  } catch {
    return [];
  }
}

/** Operation ids come from the server and become a folder's name. */
function safeName(operationId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(operationId)) {
    throw new Error(`opening a journal: "${operationId.slice(0, 40)}" is no operation id`);
  }
  return operationId;
}

/** A kill may cut the last line; what it would have said did not happen yet. */
function readEntries(file: string): readonly JournalEntry[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as JournalEntry];
    } catch {
      return [];
    }
  });
}
