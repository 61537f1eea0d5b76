// Step 10, the proof: what the machine has now against what the plan promised, by everything but pacman's exit code.
import { packageSetDigest } from "../../domain/package-set/canonical.ts";
import { TRANSITION_PACKAGE } from "../../domain/package-set/package-set.ts";
import { findCutEntries } from "../cut-entries.ts";
import { missingLibraries } from "../host/missing-libraries.ts";
import { beginStep, type Operation, OperationEnd } from "../operation.ts";
import type { PacmanConfiguration } from "../pacman/configuration.ts";
import { readLog } from "../pacman/log.ts";
import { sha256Of } from "../pacman/sync-databases.ts";
import {
  complaintSentence,
  databaseComplaints,
  fileComplaints,
  logComplaints,
  outputComplaints,
} from "../pacman/verify.ts";
import { settleKill } from "../settle.ts";
import { buildDifferences } from "./prepare.ts";
import { hasRun, outputsOf } from "./runs.ts";
import type { Committed } from "./transact.ts";

export interface Proof {
  /** Why the machine is degraded; empty means that all is proven. */
  readonly problems: readonly string[];
  /** .pacnew and .pacsave files that wait for a person. */
  readonly configurationFiles: readonly string[];
}

/** Lines of one kind that are told; the rest is counted. */
const toldLines = 20;

/** Throws OperationEnd when the packages are not what the plan promised: another run is needed, not a proof. */
export async function prove(
  operation: Operation,
  configuration: PacmanConfiguration,
  committed: Committed,
): Promise<Proof> {
  beginStep(operation, "proof", "proving the result");
  const { after } = operation.prepared;
  const local = operation.options.reader.readLocal(configuration.dbPath);
  const log = readLog(configuration.logFile, committed.logOffset);
  const cut = await findCutEntries(operation, configuration, local, new Set(committed.names));
  const differences = [
    ...[...local.torn, ...cut].map(({ entry, why }) => `${entry} in pacman's database is torn: ${why}`),
    ...buildDifferences(local.set, after),
    ...(local.packages.has(TRANSITION_PACKAGE) ? [`${TRANSITION_PACKAGE} is left over`] : []),
    // pacman ends with 0 then, and runs no hooks.
    ...(log.transactions.includes("interrupted") ? ["pacman was asked to stop"] : []),
  ];
  if (differences.length > 0) {
    const words = [...told(differences), ...logComplaints(log), ...outputComplaints(outputsOf(operation))];
    throw new OperationEnd(
      await settleKill(operation, configuration, "the transaction did not come to its end", words),
    );
  }
  const known = new Set(committed.knownComplaints);
  const changed = committed.names.filter((name) => local.packages.has(name));
  const window = { fromMs: committed.atMs, toMs: Date.now() };
  const hasTransaction = hasRun(operation, "install") || hasRun(operation, "remove");
  const reasons = packageSetDigest(local.set, sha256Of) === packageSetDigest(after, sha256Of);
  return {
    problems: [
      ...(reasons ? [] : ["install reasons are not as planned"]),
      ...told((await databaseComplaints(configuration)).filter((line) => !known.has(line))),
      ...told(missingLibraries(configuration.rootDir).filter((line) => !known.has(line))),
      ...(hasTransaction ? logComplaints(log) : []),
      ...told(outputComplaints(outputsOf(operation))),
      ...told((await fileComplaints(configuration, changed, window)).map(complaintSentence)),
    ],
    configurationFiles: log.configurationFiles,
  };
}

function told(lines: readonly string[]): readonly string[] {
  const rest = lines.length - toldLines;
  return rest > 0 ? [...lines.slice(0, toldLines), `and ${rest} more of this kind`] : lines;
}
