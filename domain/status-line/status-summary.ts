// What the faces show of one endpoint, a pool or the fleet in one line. The agent writes it to its status file, the
// server streams it; status-line.ts draws it.
import type { DriftCounts } from "../drift/drift.ts";
import type { SyncStatus } from "../drift/sync-status.ts";

export interface StatusSummary {
  /** The endpoint's, pool's or fleet's name. */
  readonly endpoint: string;
  /** Empty for a fleet. */
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
  /** Since when the server is not reachable; absent when it is. Unix milliseconds. */
  readonly offlineSinceMs?: number;
  /** When the facts above were last known to be true: while a stream or an agent lives, now. Unix milliseconds. */
  readonly reportedAtMs: number;
  /** How old the target is and what upstream has beyond it; absent while neither is news. */
  readonly targetAge?: string;
  readonly targetIsOld?: boolean;
  /** The target's message, or the newest line of the operation. */
  readonly message?: string;
}
