// The one word for an endpoint. Presence is a second fact and never a status. docs/spec/drift.md has the table.
import type { Mode } from "../target/target.ts";
import type { DriftCounts } from "./drift.ts";

/** In order of precedence: the first that applies. */
export const SYNC_STATUSES = [
  "syncing",
  "pending-approval",
  "blocked",
  "degraded",
  "unknown",
  "diverged",
  "ahead",
  "behind",
  "in-sync",
] as const;

export type SyncStatus = (typeof SYNC_STATUSES)[number];

export interface SyncStatusInput {
  /** An operation is queued, delivered or running. */
  readonly isSyncing: boolean;
  readonly isApprovalPending: boolean;
  /** Why the endpoint cannot proceed; undefined when it can. */
  readonly blockedBecause: string | undefined;
  /** A proof failed, a transaction was interrupted, a hook failed; not repaired yet. */
  readonly isDegraded: boolean;
  readonly hasReport: boolean;
  readonly hasTarget: boolean;
  readonly mode: Mode;
  readonly counts: DriftCounts;
}

export function computeSyncStatus(input: SyncStatusInput): SyncStatus {
  if (input.isSyncing) return "syncing";
  if (input.isApprovalPending) return "pending-approval";
  if (input.blockedBecause !== undefined && input.blockedBecause !== "") return "blocked";
  if (input.isDegraded) return "degraded";
  if (!input.hasReport || !input.hasTarget) return "unknown";
  const { older, newer, rebuilt, missing, extra, reason, replaced } = input.counts;
  const isBehind = older + rebuilt + missing + replaced > 0;
  if (input.mode === "mirror" && extra + reason > 0) return "diverged";
  if (newer > 0 && isBehind) return "diverged";
  if (newer > 0) return "ahead";
  return isBehind ? "behind" : "in-sync";
}
