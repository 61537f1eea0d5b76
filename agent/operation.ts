// One execution of a plan as its steps see it: the order, its journal, how to tell progress, when to stop. Knows nothing of
// what any step does.
import type { OperationStep } from "../domain/operation/lifecycle.ts";
import type { DatabaseStore } from "./database-store.ts";
import { earlierFoldersOf, packagesDirOf } from "./earlier-attempts.ts";
import type { FileAccess, FileSurroundings } from "./files/file-source.ts";
import type { InstallationReader } from "./installation.ts";
import type { Journal } from "./journal.ts";
import type { ExecutionHooks, Outcome } from "./machine.ts";
import type { PacmanConfiguration } from "./pacman/configuration.ts";
import type { PreparedPlan } from "./planning/prepared-plan.ts";
import { keptPackagesDirOf } from "./state-folders.ts";

export interface ExecutorOptions {
  readonly reader: InstallationReader;
  readonly stateDir: string;
  /** Absent: the machine works alone. */
  readonly access?: FileAccess;
}

export interface Operation {
  readonly options: ExecutorOptions;
  readonly fence: number;
  readonly journal: Journal;
  readonly prepared: PreparedPlan;
  readonly store: DatabaseStore;
  readonly hooks: ExecutionHooks;
}

/** The one folder that the transaction takes its files from. */
export function artifactsDirOf({ journal }: Operation): string {
  return packagesDirOf(journal);
}

/** Where the operation's files may come from. Aborted when it is cancelled and when the agent stops. */
export function filesOf({ options, hooks }: Operation, configuration: PacmanConfiguration) {
  const { stateDir, access } = options;
  return {
    configuration,
    keptDir: keptPackagesDirOf(stateDir),
    earlierDirs: earlierFoldersOf(stateDir),
    ...(access === undefined ? {} : { access }),
    signal: AbortSignal.any([hooks.stopped, hooks.cancelled]),
  } satisfies FileSurroundings;
}

/** Ends an operation before its end: nothing was changed, or what was changed needs another run. */
export class OperationEnd extends Error {
  override readonly name = "OperationEnd";
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.problems[0] ?? outcome.state);
    this.outcome = outcome;
  }
}

/** Nothing was changed. */
export function refused(...problems: readonly string[]): OperationEnd {
  return new OperationEnd({ state: "refused", problems });
}

/** How far a whole operation is when a step begins; the transaction is most of its time. */
const percentAt: Readonly<Record<OperationStep, number>> = {
  check: 0,
  health: 2,
  fetch: 4,
  simulate: 25,
  preflight: 31,
  journal: 33,
  keyring: 34,
  transaction: 35,
  reasons: 86,
  proof: 88,
  databases: 96,
  aftermath: 98,
  report: 100,
};

/** Where a step ends, for progress within it. */
const percentAfter: Readonly<Partial<Record<OperationStep, number>>> = { fetch: 25, transaction: 86 };

/** Journals that a step begins, and tells it. */
export function beginStep(operation: Operation, step: OperationStep, message: string): void {
  operation.journal.append({ kind: "step", step });
  tell(operation, step, 0, message);
}

/** `done` is the part of the step that is done, 0 to 1. */
export function tell(operation: Operation, step: OperationStep, done: number, message: string): void {
  const start = percentAt[step];
  const percent = Math.round(start + ((percentAfter[step] ?? start) - start) * Math.min(1, done));
  const { fence, journal } = operation;
  operation.hooks.progress({ operationId: journal.operationId, fence, step, percent, message });
}

/** Throws between steps that can be given up: when the agent stops, and when the operation was cancelled. */
export function checkStop({ hooks }: Operation): void {
  hooks.stopped.throwIfAborted();
  if (hooks.cancelled.aborted) throw new OperationEnd({ state: "cancelled", problems: [] });
}
