// Pools as clients see them: plain values with domain's words.
import type { SyncStatus } from "../../domain/drift/sync-status.ts";
import type { PoolConsent } from "../../domain/policy/policy.ts";
import type { ConflictMode } from "../../domain/policy/resolve-conflicts.ts";
import type { Upstream } from "../../domain/target/beyond.ts";
import type { Mode, Target } from "../../domain/target/target.ts";
import type { PoolStanding as WireStanding } from "../../proto/generated/pacpool/v1/agent.ts";
import type {
  StatusCounts as WireCounts,
  Pool as WirePool,
  Upstream as WireUpstream,
} from "../../proto/generated/pacpool/v1/pool.ts";
import { decodeConflictMode } from "./policy.ts";
import { decodeMode, decodeTarget } from "./target.ts";

/** How many endpoints have each sync status. */
export type StatusCounts = Readonly<Record<SyncStatus, number>>;

/** One pool in its newest state. */
export interface PoolView {
  readonly id: string;
  readonly name: string;
  readonly mode: Mode;
  readonly description: string;
  readonly revision: bigint;
  /** Undefined before the first set-latest. */
  readonly target: Target | undefined;
  readonly endpoints: number;
  readonly online: number;
  readonly counts: StatusCounts;
  readonly createdAtMs: number;
  /** Undefined for a mode that only a newer server knows. */
  readonly conflicts: ConflictMode | undefined;
  readonly allowDowngrade: boolean;
  readonly consent: PoolConsent;
  /** Beyond the target; undefined while nothing newer is known. */
  readonly upstream: Upstream | undefined;
  /** From which age on the target is called old; 0 never. */
  readonly staleAfterDays: number;
}

export function decodePool(wire: WirePool): PoolView {
  return {
    id: wire.id,
    name: wire.name,
    mode: decodeMode(wire.mode),
    description: wire.description,
    revision: wire.revision,
    target: wire.target === undefined ? undefined : decodeTarget(wire.target),
    endpoints: wire.endpoints,
    online: wire.online,
    counts: decodeStatusCounts(wire.counts),
    createdAtMs: wire.createdAt?.getTime() ?? 0,
    conflicts: decodeConflictMode(wire.conflicts),
    allowDowngrade: wire.allowDowngrade,
    consent: { apply: wire.apply, reboot: wire.reboot, windows: wire.windows, missedWindow: wire.missedWindow },
    upstream: wire.upstream === undefined ? undefined : decodeUpstream(wire.upstream),
    staleAfterDays: wire.staleAfterDays,
  };
}

export function encodeUpstream({ newer, newerInstalled, builtAt, endpoint }: Upstream): WireUpstream {
  return { newer, newerInstalled, asOf: new Date(builtAt * 1_000), endpoint };
}

/** How an agent's pool stands, as its faces show it. */
export interface PoolStandingView {
  readonly pool: string;
  readonly endpoints: number;
  readonly online: number;
  readonly counts: StatusCounts;
  readonly staleAfterDays: number;
  readonly upstream: Upstream | undefined;
}

export function decodeStanding(wire: WireStanding): PoolStandingView {
  const { pool, endpoints, online, staleAfterDays, upstream } = wire;
  return {
    pool,
    endpoints,
    online,
    counts: decodeStatusCounts(wire.counts),
    staleAfterDays,
    upstream: upstream === undefined ? undefined : decodeUpstream(upstream),
  };
}

function decodeUpstream({ newer, newerInstalled, asOf, endpoint }: WireUpstream): Upstream {
  return { newer, newerInstalled, builtAt: Math.floor((asOf?.getTime() ?? 0) / 1_000), endpoint };
}

export function encodeStatusCounts(counts: StatusCounts): WireCounts {
  return {
    syncing: counts.syncing,
    pendingApproval: counts["pending-approval"],
    blocked: counts.blocked,
    degraded: counts.degraded,
    unknown: counts.unknown,
    diverged: counts.diverged,
    ahead: counts.ahead,
    behind: counts.behind,
    inSync: counts["in-sync"],
  };
}

export function decodeStatusCounts(wire: WireCounts | undefined): StatusCounts {
  return {
    syncing: wire?.syncing ?? 0,
    "pending-approval": wire?.pendingApproval ?? 0,
    blocked: wire?.blocked ?? 0,
    degraded: wire?.degraded ?? 0,
    unknown: wire?.unknown ?? 0,
    diverged: wire?.diverged ?? 0,
    ahead: wire?.ahead ?? 0,
    behind: wire?.behind ?? 0,
    "in-sync": wire?.inSync ?? 0,
  };
}
