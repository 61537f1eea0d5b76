// What operations that broke off while they fetched have brought already: as good as any other source. Those that came
// further ended by what pacman thought of the files, which must not be offered to it again.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { attemptOf, type Journal, listJournals } from "./journal.ts";

/** Older ones are of plans that nobody wants any more. */
const MAX_ATTEMPTS = 4;

/** The one folder that a transaction takes its files from. */
export function packagesDirOf({ directory }: Pick<Journal, "directory">): string {
  return join(directory, "packages");
}

/** The newest first. */
export function earlierFoldersOf(stateDir: string): readonly string[] {
  return listJournals(stateDir)
    .filter(brokeOffFetching)
    .toSorted((a, b) => beganAt(b) - beganAt(a))
    .slice(0, MAX_ATTEMPTS)
    .map(packagesDirOf);
}

/** Once an operation has come to its end, nobody needs what others fetched. */
export function forgetEarlierAttempts(stateDir: string): void {
  for (const journal of listJournals(stateDir)) rmSync(packagesDirOf(journal), { recursive: true, force: true });
}

function brokeOffFetching({ entries }: Journal): boolean {
  const last = attemptOf(entries).findLast((entry) => entry.kind === "step");
  return last?.step === "fetch";
}

function beganAt({ entries }: Journal): number {
  const [begun] = attemptOf(entries);
  return begun?.kind === "begun" ? begun.atMs : 0;
}
