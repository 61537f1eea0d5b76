// The way back: for every operation that changed this machine, its whole package set and sync databases from before.
// STATE/history/NUMBER.json, oldest first.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { canonicalBytes, parseCanonicalBytes } from "../domain/package-set/canonical.ts";
import type { PackageSet } from "../domain/package-set/package-set.ts";
import type { ViewDatabase } from "../domain/view/view.ts";
import { writeDurably } from "./durable-file.ts";

export interface HistoryRecord {
  readonly operationId: string;
  readonly planDigest: string;
  readonly targetRevision: number;
  readonly isRevert: boolean;
  /** The operation that this one undid; empty unless it is a revert. */
  readonly revertsOperationId: string;
  /** From before the operation. */
  readonly set: PackageSet;
  /** Sync databases from before the operation; kept in the database store. */
  readonly databases: readonly ViewDatabase[];
}

export interface DatedRecord extends HistoryRecord {
  /** When the operation began to change the machine; Unix ms. */
  readonly atMs: number;
}

/** A year of weekly updates would be 52; each keeps its databases, 13 MB when none is shared with another. */
const keptRecords = 20;

export async function recordHistory(stateDir: string, record: HistoryRecord): Promise<void> {
  const folder = join(stateDir, "history");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = filesOf(folder);
  const known = files.find((name) => readRecord(join(folder, name))?.operationId === record.operationId);
  // An operation that is run again keeps the state from before its first attempt.
  if (known !== undefined) return;
  const number = Number.parseInt(files.at(-1) ?? "0", 10) + 1;
  const set = Buffer.from(canonicalBytes(record.set)).toString("utf8");
  await writeDurably(join(folder, `${String(number).padStart(8, "0")}.json`), JSON.stringify({ ...record, set }));
  for (const name of files.slice(0, Math.max(0, files.length + 1 - keptRecords)))
    rmSync(join(folder, name), { force: true });
}

/** Oldest first; damaged records are left out. */
export function readHistory(stateDir: string): readonly DatedRecord[] {
  const folder = join(stateDir, "history");
  return filesOf(folder).flatMap((name) => {
    const file = join(folder, name);
    const record = readRecord(file);
    // A record is written once, at its moment, and never again.
    return record === undefined ? [] : [{ ...record, atMs: statSync(file).mtimeMs }];
  });
}

/** Forgets an operation that, in the end, changed nothing. */
export function forgetHistory(stateDir: string, operationId: string): void {
  const folder = join(stateDir, "history");
  for (const name of filesOf(folder)) {
    if (readRecord(join(folder, name))?.operationId === operationId) rmSync(join(folder, name), { force: true });
  }
}

/** The record to go back to: the named operation's, or the newest that is neither a revert nor undone by one. */
export function findRevertRecord(stateDir: string, operationId: string | undefined): HistoryRecord | undefined {
  const records = readHistory(stateDir);
  if (operationId !== undefined) return records.find((record) => record.operationId === operationId);
  const undone = new Set(records.map(({ revertsOperationId }) => revertsOperationId));
  return records.findLast((record) => !record.isRevert && !undone.has(record.operationId));
}

function readRecord(file: string): HistoryRecord | undefined {
  try {
    const raw = JSON.parse(readFileSync(file, "utf8")) as Omit<HistoryRecord, "set"> & { readonly set: string };
    return { ...raw, set: parseCanonicalBytes(Buffer.from(raw.set)) };
  } catch {
    return undefined;
  }
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{8}\.json$/.test(name))
      .toSorted();
  } catch {
    return [];
  }
}
