// From facts about one endpoint to its status and the sentences that explain it. Pure: refresh-status.ts reads and writes.
import { type DriftCounts, NO_DRIFT } from "../../domain/drift/drift.ts";
import { computeSyncStatus, type SyncStatus } from "../../domain/drift/sync-status.ts";
import { type Target, targetForClass } from "../../domain/target/target.ts";

export interface StatusFacts {
  readonly pool: string;
  readonly target: Target | undefined;
  /** Of the endpoint's own view; empty until its databases have been read. */
  readonly class: string;
  readonly hasReport: boolean;
  /** Undefined when nothing can be compared yet. */
  readonly counts: DriftCounts | undefined;
  /** Names of conflicts that wait for a person. */
  readonly undecided: readonly string[];
  /** Of the operation under way; undefined without one. */
  readonly operationState: string | undefined;
  readonly healthProblems: readonly string[];
  readonly degradedBecause: readonly string[];
  readonly refusedBecause: string;
}

export interface EndpointStatus {
  readonly status: SyncStatus;
  readonly reasons: readonly string[];
  readonly counts: DriftCounts;
}

/** What people read; the rest is in the drift. */
const MAX_REASONS = 12;
const MAX_REASON_CHARACTERS = 300;

export function describeStatus(facts: StatusFacts): EndpointStatus {
  const counts = facts.counts ?? NO_DRIFT;
  const isOperationPending = facts.operationState === "pending-approval";
  const isSyncing = facts.operationState !== undefined && !isOperationPending;
  const blocked = blockedBecause(facts);
  const status = computeSyncStatus({
    isSyncing,
    isApprovalPending: isOperationPending || facts.undecided.length > 0,
    blockedBecause: blocked[0],
    isDegraded: facts.degradedBecause.length > 0,
    hasReport: facts.counts !== undefined && facts.hasReport,
    hasTarget: facts.target !== undefined,
    mode: facts.target?.mode ?? "versions",
    counts,
  });
  const reasons = [
    ...(isSyncing ? ["an operation is under way"] : []),
    ...(isOperationPending ? ["an operation waits for approval"] : []),
    ...undecidedBecause(facts.undecided),
    ...blocked,
    ...facts.degradedBecause,
    ...unknownBecause(facts),
    ...(facts.counts === undefined ? [] : countSentences(facts.counts, facts.target?.mode === "mirror")),
  ];
  return { status, reasons: reasons.slice(0, MAX_REASONS).map(shorten), counts };
}

/** Why the endpoint cannot take the target. Without a target there is nothing to be blocked from but bad health. */
function blockedBecause(facts: StatusFacts): readonly string[] {
  const { target } = facts;
  const reasons = [...facts.healthProblems];
  if (facts.refusedBecause !== "") reasons.push(facts.refusedBecause);
  if (target !== undefined && facts.class !== "" && targetForClass(target, facts.class) === undefined) {
    reasons.push(
      target.mode === "mirror"
        ? `the target mirrors a machine of class ${target.view.class}, and this one is of class ${facts.class}`
        : `the target has no view for class ${facts.class}; set-latest takes one from every class in the pool`,
    );
  }
  return reasons;
}

/** How many names a reason lists. */
const MAX_NAMED = 10;

function undecidedBecause(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const rest = names.length - MAX_NAMED;
  const listed = `${names.slice(0, MAX_NAMED).join(", ")}${rest > 0 ? ` and ${String(rest)} more` : ""}`;
  const subject = names.length === 1 ? "1 package was" : `${String(names.length)} packages were`;
  return [`${subject} changed on this endpoint itself and a person has to choose: ${listed}`];
}

function unknownBecause(facts: StatusFacts): readonly string[] {
  if (!facts.hasReport) return ["no report has arrived yet"];
  if (facts.target === undefined) return [`pool ${facts.pool} has no target yet`];
  if (facts.counts === undefined && (facts.class === "" || targetForClass(facts.target, facts.class) !== undefined)) {
    return ["its sync databases have not arrived yet, or cannot be read"];
  }
  return [];
}

function countSentences(counts: DriftCounts, isMirror: boolean): readonly string[] {
  const lines: string[] = [];
  const tell = (count: number, what: string): void => {
    if (count > 0) lines.push(`${String(count)} ${count === 1 ? "package" : "packages"} ${what}`);
  };
  tell(counts.older, "older");
  tell(counts.newer, "newer");
  tell(counts.missing, "missing");
  tell(counts.replaced, "replaced");
  tell(counts.rebuilt, counts.rebuilt === 1 ? "of another build" : "of other builds");
  if (isMirror) {
    tell(counts.extra, "extra");
    tell(counts.reason, "with another install reason");
  }
  return lines;
}

/** Whatever an agent sent: PostgreSQL takes neither NUL nor half a surrogate pair. */
function shorten(text: string): string {
  const clean = text.replaceAll("\u0000", "");
  if (clean.length <= MAX_REASON_CHARACTERS) return clean.toWellFormed();
  return `${clean.slice(0, MAX_REASON_CHARACTERS).toWellFormed()}...`;
}
