// What a kill left for the next run: which operation, and the packages whose entries were set aside. There is at most one
// at a time, because nothing else is planned before it is mended. STATE/interrupted.json.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "./durable-file.ts";

export interface Interruption {
  readonly operationId: string;
  readonly planDigest: string;
  /** Installed again with --overwrite of their own files: their lists of files are gone. */
  readonly tornNames: readonly string[];
}

export function readInterruption(stateDir: string): Interruption | undefined {
  try {
    // Written by this program only.
    return JSON.parse(readFileSync(fileOf(stateDir), "utf8")) as Interruption;
  } catch {
    return undefined;
  }
}

/** Adds to what an earlier kill of the same operation left. */
export async function recordInterruption(stateDir: string, found: Interruption): Promise<void> {
  const known = readInterruption(stateDir);
  const tornNames = [...new Set([...(known?.tornNames ?? []), ...found.tornNames])].toSorted();
  await writeDurably(fileOf(stateDir), JSON.stringify({ ...found, tornNames }));
}

export function clearInterruption(stateDir: string): void {
  rmSync(fileOf(stateDir), { force: true });
}

function fileOf(stateDir: string): string {
  return join(stateDir, "interrupted.json");
}
