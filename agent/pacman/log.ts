// pacman.log, the record that pacman itself keeps: which transactions began and how they ended. Reads from an offset, so
// that one operation's lines are told from all others.
import { statSync } from "node:fs";
import { readFrom } from "./process.ts";

export type TransactionEnd = "completed" | "failed" | "interrupted" | "open";

export interface LogExcerpt {
  /** How each transaction ended that started after the offset; "open" means started and neither completed nor failed. */
  readonly transactions: readonly TransactionEnd[];
  /** What pacman did, in order: "upgraded foo (1-1 -> 2-1)". */
  readonly changes: readonly string[];
  /** Files that a person should merge: .pacnew and .pacsave. */
  readonly configurationFiles: readonly string[];
  /** Where the next excerpt starts. */
  readonly end: number;
}

/** 16 MiB: a transaction of 2,000 packages logs about 200 KiB, scriptlets included. */
const excerptLimitBytes = 16 * 1024 * 1024;

/** The size of the log now; 0 when there is none. */
export function logEnd(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Reads what was logged after an offset. A log that was rotated meanwhile is read from its start. */
export function readLog(file: string, offset: number): LogExcerpt {
  const { text, end } = readFrom(file, offset > logEnd(file) ? 0 : offset, excerptLimitBytes);
  return { ...parseLog(text), end };
}

/** Takes log text apart. */
export function parseLog(text: string): Omit<LogExcerpt, "end"> {
  const transactions: TransactionEnd[] = [];
  const changes: string[] = [];
  const configurationFiles: string[] = [];
  for (const line of text.split("\n")) {
    const message = /^\[[^\]]*\] \[ALPM\] (.*)$/.exec(line)?.[1];
    if (message === undefined) continue;
    const step = /^transaction (started|completed|failed|interrupted)$/.exec(message)?.[1];
    if (step === "started") transactions.push("open");
    else if (step === "completed" || step === "failed" || step === "interrupted") {
      // A transaction that fails before it starts is logged without a start.
      if (transactions.at(-1) === "open") transactions.pop();
      transactions.push(step);
    } else if (/^(installed|upgraded|downgraded|reinstalled|removed) /.test(message)) changes.push(message);
    const configurationFile = /^warning: .* (?:installed|saved) as (\/.*\.pac(?:new|save))$/.exec(message)?.[1];
    if (configurationFile !== undefined) configurationFiles.push(configurationFile);
  }
  return { transactions, changes, configurationFiles };
}
