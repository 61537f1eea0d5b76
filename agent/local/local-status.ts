// How this machine stands to the delivered target, from what the agent itself knows: right without the server. Pure.

import { type Drift, type DriftItem, NO_DRIFT } from "../../domain/drift/drift.ts";
import { computeSyncStatus, type SyncStatus } from "../../domain/drift/sync-status.ts";
import { waysOut } from "../../domain/drift/ways-out.ts";
import { explainDrift } from "../../domain/drift/why.ts";
import { leavesDegraded } from "../../domain/operation/lifecycle.ts";
import { countsLine } from "../../domain/status-line/counts-line.ts";
import type { StatusSummary } from "../../domain/status-line/status-summary.ts";
import { ageNotice, DEFAULT_STALE_AFTER_DAYS, targetAge } from "../../domain/target/age.ts";
import type { ConnectionStatus } from "../connection-status.ts";
import type { DeliveredTarget, MachineState, Progress } from "../machine.ts";
import type { OrderBook } from "../orders/order-book.ts";

export interface LocalFacts {
  /** As enrolled; the server's word replaces it once connected. */
  readonly name: string;
  readonly pool: string;
  readonly machine: MachineState;
  readonly delivered: DeliveredTarget | undefined;
  /** Undefined without a target, or when its databases cannot be read. */
  readonly drift: Drift | undefined;
  readonly book: OrderBook;
  readonly running: Progress | undefined;
  readonly connection: ConnectionStatus;
  /** When the server last had this machine's present state. */
  readonly reportedAtMs: number | undefined;
  readonly nowMs: number;
}

/** Names in the reasons: enough to recognise what it is about, few enough for a tooltip. */
const MAX_NAMED = 3;

/** What the faces draw. `reportedAtMs` is now: the reading is the machine's own. */
export function summarize(facts: LocalFacts): StatusSummary {
  const { connection, delivered, drift, running } = facts;
  const status = statusOf(facts);
  const isOnline = connection.kind === "connected";
  return {
    endpoint: isOnline ? connection.name : facts.name,
    pool: isOnline ? connection.pool : facts.pool,
    status,
    counts: drift?.counts ?? NO_DRIFT,
    targetRevision: delivered?.target.revision ?? 0,
    reasons: reasonsOf(facts, status),
    rebootRequired: facts.machine.facts.isRebootRequired,
    reportedAtMs: facts.nowMs,
    ...(isOnline ? {} : { offlineSinceMs: connection.sinceMs }),
    ...(running === undefined ? {} : { percent: running.percent, step: running.step }),
    ...messageOf(running?.message ?? delivered?.target.message),
    ...ageOf(facts),
  };
}

/** One thing in the shape of `status -o json`. */
export function describeStatus(facts: LocalFacts): Readonly<Record<string, unknown>> {
  const { connection, machine, delivered, drift, running } = facts;
  const summary = summarize(facts);
  const isOnline = connection.kind === "connected";
  return {
    name: summary.endpoint,
    pool: summary.pool,
    status: summary.status,
    reasons: summary.reasons,
    online: isOnline,
    ...(isOnline ? {} : { offlineSince: timeOf(connection.sinceMs), offlineBecause: connection.why }),
    digest: machine.digest,
    viewDigest: machine.viewDigest,
    packages: machine.set.packages.length,
    ...summary.counts,
    items: (drift?.items ?? []).map((item) => ({ ...item, why: explainDrift(item) })),
    targetRevision: summary.targetRevision,
    targetMessage: delivered?.target.message ?? "",
    targetIsOld: summary.targetIsOld ?? false,
    ways: waysOut({ name: summary.endpoint, status: summary.status }),
    mode: delivered?.target.mode ?? "",
    apply: machine.facts.apply,
    root: machine.facts.root,
    rebootRequired: machine.facts.isRebootRequired,
    waiting: machine.facts.inbox,
    operation:
      running === undefined
        ? null
        : { id: running.operationId, step: running.step, percent: running.percent, message: running.message },
    lastSeen: timeOf(facts.nowMs),
    reportedAt: facts.reportedAtMs === undefined ? null : timeOf(facts.reportedAtMs),
  };
}

function statusOf(facts: LocalFacts): SyncStatus {
  const { machine, delivered, drift, book, running } = facts;
  return computeSyncStatus({
    isSyncing: book.orders.length > 0 || running !== undefined,
    isApprovalPending: undecided(facts).length > 0,
    blockedBecause: machine.facts.healthProblems[0],
    isDegraded: book.last !== undefined && leavesDegraded(book.last.state),
    hasReport: true,
    hasTarget: delivered !== undefined && drift !== undefined,
    mode: delivered?.target.mode ?? "versions",
    counts: drift?.counts ?? NO_DRIFT,
  });
}

function reasonsOf(facts: LocalFacts, status: SyncStatus): readonly string[] {
  const { connection, machine, book, delivered, drift, running } = facts;
  const help = connection.kind === "offline" && connection.needsPerson ? [connection.why] : [];
  switch (status) {
    case "blocked":
      return [...machine.facts.healthProblems, ...help];
    case "degraded":
      return [...(book.last?.problems ?? []), ...help];
    case "syncing":
      return [running?.message ?? "an operation waits for its turn", ...help];
    case "unknown":
      return [
        ...help,
        delivered === undefined ? "the pool has no target yet" : "the target's databases cannot be read",
      ];
    case "diverged":
    case "ahead":
    case "behind":
      return [...help, ...differences(drift)];
    case "pending-approval":
      return [...help, ...undecided(facts).slice(0, MAX_NAMED).map(nameDifference)];
    case "in-sync":
      return help;
  }
}

/** What still differs of the packages that a person has to choose about; the server asks for the choice. */
function undecided({ delivered, drift }: LocalFacts): readonly DriftItem[] {
  const names = new Set(delivered?.policy?.keep.filter((one) => one.undecided).map((one) => one.name));
  if (names.size === 0) return [];
  return (drift?.items ?? []).filter((item) => names.has(item.name) && item.installed !== item.wanted);
}

function differences(drift: Drift | undefined): readonly string[] {
  const counted =
    drift?.items.filter(({ kind }) => kind !== "held" && kind !== "foreign" && kind !== "unavailable") ?? [];
  const named = counted.slice(0, MAX_NAMED).map(nameDifference);
  const more = counted.length - named.length;
  return more > 0 && drift !== undefined ? [countsLine(drift.counts), ...named, `and ${String(more)} more`] : named;
}

/** Both versions say more than a sentence, where there are two. */
function nameDifference(item: DriftItem): string {
  const { name, installed, wanted } = item;
  const isMove = installed !== undefined && wanted !== undefined && installed !== wanted && item.kind !== "replaced";
  return isMove ? `${name} ${installed} → ${wanted}` : `${name}: ${explainDrift(item)}`;
}

/** What upstream has beyond it the server knows; the age alone is known here too. */
function ageOf({ delivered, nowMs }: LocalFacts): Pick<StatusSummary, "targetAge" | "targetIsOld"> {
  if (delivered === undefined) return {};
  const age = targetAge(delivered.target, undefined, DEFAULT_STALE_AFTER_DAYS, nowMs);
  return age.isOld ? { targetAge: ageNotice(age, undefined), targetIsOld: true } : {};
}

function messageOf(message: string | undefined): { readonly message?: string } {
  return message === undefined || message === "" ? {} : { message };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
