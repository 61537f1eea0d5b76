// What the faces show of one endpoint, a pool or the fleet in one line. The agent writes an endpoint's to its status
// file, the server streams what it is made of; status-line.ts draws it.
import type { DriftCounts, DriftKind } from "../drift/drift.ts";
import type { SyncStatus } from "../drift/sync-status.ts";

/** How many endpoints have each sync status. */
export type CountsByStatus = Readonly<Record<SyncStatus, number>>;

/** One package that differs. */
export interface NamedDrift {
  readonly name: string;
  readonly kind: DriftKind;
  readonly installed?: string;
  readonly wanted?: string;
}

/** What was last done about this endpoint or pool. `who` is empty when nobody is known; Unix milliseconds. */
export interface LastDeed {
  /** For example "set-latest of target 7" or "sync to target 7, degraded". */
  readonly what: string;
  readonly who: string;
  readonly atMs: number;
}

/** The endpoint's pool, as the server last told. */
export interface FleetSummary {
  readonly endpoints: number;
  readonly online: number;
  readonly counts: CountsByStatus;
}

/** Times are Unix milliseconds. */
export interface StatusSummary {
  readonly endpoint: string;
  readonly pool: string;
  readonly status: SyncStatus;
  readonly counts: DriftCounts;
  /** 0 when the pool has none. */
  readonly targetRevision: number;
  /** Of the operation under way, 0 to 100. */
  readonly percent?: number;
  /** Of the operation under way, for people. */
  readonly step?: string;
  /** Why it has that status, one sentence each; the first is the one to show. */
  readonly reasons: readonly string[];
  readonly rebootRequired?: boolean;
  /** Since when the server is not reachable; absent when it is. */
  readonly offlineSinceMs?: number;
  /** Since when the endpoint's agent is not connected to a server that is; absent for this machine's own. */
  readonly asleepSinceMs?: number;
  /** When the facts above were last known to be true: while a stream or an agent lives, now. */
  readonly reportedAtMs: number;
  /** The agent ended in order and left this as its last word. */
  readonly isAgentStopped?: boolean;
  /** How old the target is and what upstream has beyond it; absent while neither is news. */
  readonly targetAge?: string;
  readonly targetIsOld?: boolean;
  /** The target's message, or the newest line of the operation. */
  readonly message?: string;
  /** What differs by name, at most MAX_NAMED_DRIFT; the counts have the rest. */
  readonly drift?: readonly NamedDrift[];
  readonly lastDeed?: LastDeed;
  /** Things that wait for a person on this endpoint. */
  readonly inbox?: number;
  readonly fleet?: FleetSummary;
}

/** Names that a summary carries: what a tooltip can show. */
export const MAX_NAMED_DRIFT = 12;
