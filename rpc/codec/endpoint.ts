// Endpoints as clients see them: plain values with domain's words.
import type { DriftCounts } from "../../domain/drift/drift.ts";
import type { SyncStatus } from "../../domain/drift/sync-status.ts";
import type { Endpoint as WireEndpoint } from "../../proto/generated/pacpool/v1/endpoint.ts";
import { decodeDriftCounts, decodeSyncStatus } from "./drift.ts";

/** One endpoint in its newest state. Times are Unix milliseconds, 0 while there is none. */
export interface EndpointView {
  readonly id: string;
  readonly name: string;
  readonly poolId: string;
  readonly pool: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: SyncStatus;
  readonly reasons: readonly string[];
  readonly isOnline: boolean;
  readonly lastSeenMs: number;
  readonly reportedAtMs: number;
  readonly digest: string;
  readonly packages: number;
  readonly counts: DriftCounts;
  readonly appliedRevision: number;
  /** Empty when none is under way. */
  readonly operationId: string;
  readonly agentVersion: string;
  readonly isRebootRequired: boolean;
  readonly apply: string;
  readonly root: string;
  /** Things that wait for a person there. */
  readonly inbox: number;
}

export function decodeEndpoint(wire: WireEndpoint): EndpointView {
  return {
    id: wire.id,
    name: wire.name,
    poolId: wire.poolId,
    pool: wire.pool,
    labels: wire.labels,
    status: decodeSyncStatus(wire.status),
    reasons: wire.reasons,
    isOnline: wire.online,
    lastSeenMs: wire.lastSeen?.getTime() ?? 0,
    reportedAtMs: wire.reportedAt?.getTime() ?? 0,
    digest: wire.digest,
    packages: wire.packages,
    counts: decodeDriftCounts(wire.counts),
    appliedRevision: Number(wire.appliedRevision),
    operationId: wire.operationId,
    agentVersion: wire.agentVersion,
    isRebootRequired: wire.rebootRequired,
    apply: wire.apply,
    root: wire.root,
    inbox: wire.inbox,
  };
}
