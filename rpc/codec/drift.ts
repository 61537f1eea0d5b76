// Drift, its counts and the sync status, wire <-> domain.
import { type DriftCounts, type DriftItem, type DriftKind, NO_DRIFT } from "../../domain/drift/drift.ts";
import type { SyncStatus } from "../../domain/drift/sync-status.ts";
import {
  type DriftCounts as WireCounts,
  type DriftItem as WireItem,
  DriftKind as WireKind,
  SyncStatus as WireStatus,
} from "../../proto/generated/pacpool/v1/drift.ts";

const STATUS = {
  syncing: WireStatus.SYNCING,
  "pending-approval": WireStatus.PENDING_APPROVAL,
  blocked: WireStatus.BLOCKED,
  degraded: WireStatus.DEGRADED,
  unknown: WireStatus.UNKNOWN,
  diverged: WireStatus.DIVERGED,
  ahead: WireStatus.AHEAD,
  behind: WireStatus.BEHIND,
  "in-sync": WireStatus.IN_SYNC,
} as const satisfies Record<SyncStatus, WireStatus>;

const KIND = {
  older: WireKind.OLDER,
  newer: WireKind.NEWER,
  rebuilt: WireKind.REBUILT,
  missing: WireKind.MISSING,
  extra: WireKind.EXTRA,
  reason: WireKind.REASON,
  replaced: WireKind.REPLACED,
  held: WireKind.HELD,
  foreign: WireKind.FOREIGN,
  unavailable: WireKind.UNAVAILABLE,
} as const satisfies Record<DriftKind, WireKind>;

const STATUS_BACK = new Map<WireStatus, SyncStatus>(
  (Object.entries(STATUS) as [SyncStatus, WireStatus][]).map(([ours, wire]) => [wire, ours]),
);
const KIND_BACK = new Map<WireKind, DriftKind>(
  (Object.entries(KIND) as [DriftKind, WireKind][]).map(([ours, wire]) => [wire, ours]),
);

/** A drift item as people see it: `why` is a sentence. Absent versions are empty. */
export interface DriftLine {
  readonly name: string;
  readonly kind: DriftKind;
  readonly installed: string;
  readonly wanted: string;
  readonly why: string;
}

export function encodeSyncStatus(status: SyncStatus): WireStatus {
  return STATUS[status];
}

/** A status that a newer server knows is unknown to us. */
export function decodeSyncStatus(wire: WireStatus): SyncStatus {
  return STATUS_BACK.get(wire) ?? "unknown";
}

export function encodeDriftKind(kind: DriftKind | undefined): WireKind {
  return kind === undefined ? WireKind.UNSPECIFIED : KIND[kind];
}

/** Undefined for UNSPECIFIED; a kind that a newer server knows is shown as unavailable. */
export function decodeDriftKind(wire: WireKind): DriftKind | undefined {
  return wire === WireKind.UNSPECIFIED ? undefined : (KIND_BACK.get(wire) ?? "unavailable");
}

export function encodeDriftItem(item: DriftItem, why: string): WireItem {
  return {
    name: item.name,
    kind: KIND[item.kind],
    installedVersion: item.installed ?? "",
    targetVersion: item.wanted ?? "",
    why,
  };
}

/** A kind that a newer server knows is shown as unavailable, its sentence says the rest. */
export function decodeDriftItem(wire: WireItem): DriftLine {
  return {
    name: wire.name,
    kind: KIND_BACK.get(wire.kind) ?? "unavailable",
    installed: wire.installedVersion,
    wanted: wire.targetVersion,
    why: wire.why,
  };
}

/** Counts have the same fields on both sides. */
export function encodeDriftCounts(counts: DriftCounts): WireCounts {
  return { ...counts };
}

export function decodeDriftCounts(wire: WireCounts | undefined): DriftCounts {
  return { ...NO_DRIFT, ...wire };
}
