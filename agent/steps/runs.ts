// The runs of pacman that an operation is made of: written down, started, or found again when an earlier agent started
// them; then waited for.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { attemptOf } from "../journal.ts";
import { type Operation, tell } from "../operation.ts";
import { bootId, outputOfRun, planRun, startDetached, waitForRun } from "../pacman/process.ts";
import { shelterFor } from "../pacman/shelter.ts";

export type RunName = "keyring" | "install" | "remove" | "reasons-dependency" | "reasons-explicit";

export interface RunResult {
  /** As a shell says it; 137 also for a run that vanished with its whole session. */
  readonly code: number;
  readonly output: string;
  /** It was of an earlier boot: what it wrote last may never have reached the disk, whatever its exit code. */
  readonly wentDown: boolean;
}

/** Whether this attempt has begun a run of that name. */
export function hasRun({ journal }: Operation, name: RunName): boolean {
  return attemptOf(journal.entries).some((entry) => entry.kind === "run" && entry.name === name);
}

/** Starts the run, or adopts it, and waits for its end. Rejects when the agent stops: pacman goes on without it. */
export async function runOnce(
  operation: Operation,
  name: RunName,
  command: readonly string[] | undefined,
  { rootDir, count = 0 }: { readonly rootDir: string; readonly count?: number },
): Promise<RunResult> {
  const { journal, hooks } = operation;
  const known = attemptOf(journal.entries).findLast((entry) => entry.kind === "run" && entry.name === name);
  const number = journal.entries.filter(({ kind }) => kind === "run").length;
  const run = known?.kind === "run" ? known.run : planRun(join(journal.directory, "runs", `${number}-${name}`));
  if (known === undefined) journal.append({ kind: "run", name, run });
  // Written down but never started: the kill came between.
  if (!existsSync(join(run.directory, "shell")) && command !== undefined) {
    const shelter = await shelterFor({ rootDir, operationId: `${journal.operationId}-${number}` });
    await startDetached(run, [...shelter, ...command]);
  }
  let done = 0;
  const state = await waitForRun(run, {
    signal: hooks.stopped,
    onOutput: (text) => {
      for (const line of text.split("\n")) {
        const step = /^(installing|upgrading|downgrading|reinstalling|removing) \S+\.\.\.$/.exec(line);
        if (step !== null) tell(operation, "transaction", count === 0 ? 1 : ++done / count, line);
      }
    },
  });
  const code = state.kind === "exited" ? state.code : 137;
  journal.append({ kind: "run-ended", name, code });
  return { code, output: outputOfRun(run), wentDown: run.bootId !== bootId() };
}

/** What all runs of this attempt printed. */
export function outputsOf({ journal }: Operation): string {
  return attemptOf(journal.entries)
    .flatMap((entry) => (entry.kind === "run" ? [outputOfRun(entry.run)] : []))
    .join("\n");
}
