// How this machine stands to the delivered target, from what the agent itself knows: right without the server. Pure.

import { type Drift, type DriftItem, NO_DRIFT } from "../../domain/drift/drift.ts";
import { computeSyncStatus, type SyncStatus } from "../../domain/drift/sync-status.ts";
import { waysOut } from "../../domain/drift/ways-out.ts";
import { explainDrift } from "../../domain/drift/why.ts";
import { leavesDegraded } from "../../domain/operation/lifecycle.ts";
import { countsLine } from "../../domain/status-line/counts-line.ts";
import {
  type FleetSummary,
  type LastDeed,
  MAX_NAMED_DRIFT,
  type NamedDrift,
  type StatusSummary,
} from "../../domain/status-line/status-summary.ts";
import { ageNotice, DEFAULT_STALE_AFTER_DAYS, targetAge } from "../../domain/target/age.ts";
import type { PoolStandingView } from "../../rpc/codec/pool.ts";
import type { ConnectionStatus } from "../connection-status.ts";
import type { DeliveredTarget, MachineState, Progress } from "../machine.ts";
import type { OperationResult, OrderBook } from "../orders/order-book.ts";

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
  /** As the server last told; undefined before it did. */
  readonly standing: PoolStandingView | undefined;
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
    drift: differing(drift).slice(0, MAX_NAMED_DRIFT).map(nameDrift),
    inbox: facts.machine.facts.inbox.length,
    rebootRequired: facts.machine.facts.isRebootRequired,
    reportedAtMs: facts.nowMs,
    ...(isOnline ? {} : { offlineSinceMs: connection.sinceMs }),
    ...(running === undefined ? {} : { percent: running.percent, step: running.step }),
    ...messageOf(running?.message ?? delivered?.target.message),
    ...ageOf(facts),
    ...deedOf(facts),
    ...fleetOf(facts.standing),
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
    reasons: [...summary.reasons, ...differencesOf(summary.status, drift)],
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
  const { connection, machine, book, delivered, running } = facts;
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
      // The packages are told by name beside the reasons.
      return help;
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

/** The items that make the status. */
function differing(drift: Drift | undefined): readonly DriftItem[] {
  return drift?.items.filter(({ kind }) => kind !== "held" && kind !== "foreign" && kind !== "unavailable") ?? [];
}

function nameDrift({ name, kind, installed, wanted }: DriftItem): NamedDrift {
  return { name, kind, ...(installed === undefined ? {} : { installed }), ...(wanted === undefined ? {} : { wanted }) };
}

/** The same as sentences, where nothing else stands beside the reasons. */
function differencesOf(status: SyncStatus, drift: Drift | undefined): readonly string[] {
  if (status !== "diverged" && status !== "ahead" && status !== "behind") return [];
  const counted = differing(drift);
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

/** By the pool's own measure and with what upstream has beyond the target, as far as the server told of them. */
function ageOf({ delivered, standing, nowMs }: LocalFacts): Pick<StatusSummary, "targetAge" | "targetIsOld"> {
  if (delivered === undefined) return {};
  const upstream = standing?.upstream;
  const age = targetAge(delivered.target, upstream, standing?.staleAfterDays ?? DEFAULT_STALE_AFTER_DAYS, nowMs);
  const notice = ageNotice(age, upstream);
  return notice === "" ? {} : { targetAge: notice, targetIsOld: age.isOld };
}

/** The newest of what is known here: the target that was set, or the operation that ended. */
function deedOf({ delivered, book }: LocalFacts): { readonly lastDeed?: LastDeed } {
  const { last } = book;
  const target = delivered?.target;
  if (last !== undefined && last.finishedAtMs >= (target?.createdAtMs ?? 0)) {
    return { lastDeed: { what: `${whatRan(last)}, ${last.state}`, who: "", atMs: last.finishedAtMs } };
  }
  if (target?.createdAtMs === undefined) return {};
  const what = `set-latest${target.sourceEndpoint === "" ? "" : ` from ${target.sourceEndpoint}`}, target ${String(target.revision)}`;
  return { lastDeed: { what, who: target.author, atMs: target.createdAtMs } };
}

function whatRan({ about }: OperationResult): string {
  if (about === undefined) return "operation";
  return about.isRevert ? "revert" : `sync to target ${String(about.targetRevision)}`;
}

function fleetOf(standing: PoolStandingView | undefined): { readonly fleet?: FleetSummary } {
  if (standing === undefined) return {};
  const { endpoints, online, counts } = standing;
  return { fleet: { endpoints, online, counts } };
}

function messageOf(message: string | undefined): { readonly message?: string } {
  return message === undefined || message === "" ? {} : { message };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
