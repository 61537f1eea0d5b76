// Records of the use cases -> messages of the contract.
import { Role, type Key as WireKey } from "../../proto/generated/pacpool/v1/access.ts";
import type { Endpoint as WireEndpoint } from "../../proto/generated/pacpool/v1/endpoint.ts";
import type { Operation as WireOperation } from "../../proto/generated/pacpool/v1/operation.ts";
import type { Pool as WirePool } from "../../proto/generated/pacpool/v1/pool.ts";
import { encodeDriftCounts, encodeSyncStatus } from "../../rpc/codec/drift.ts";
import { encodeOperationState, encodeOperationStep } from "../../rpc/codec/operation.ts";
import { encodeConflictMode } from "../../rpc/codec/policy.ts";
import { encodeStatusCounts, encodeUpstream } from "../../rpc/codec/pool.ts";
import { encodeMode, encodeTarget } from "../../rpc/codec/target.ts";
import { encodeView } from "../../rpc/codec/view.ts";
import type { RoleName } from "../../rpc/principal.ts";
import type { EndpointRecord, KeyRecord, OperationRecord, PoolRecord } from "../operations/records.ts";

const ROLE = {
  viewer: Role.VIEWER,
  operator: Role.OPERATOR,
  administrator: Role.ADMINISTRATOR,
} as const satisfies Record<RoleName, Role>;

export function encodePool(pool: PoolRecord): WirePool {
  return {
    id: pool.id,
    name: pool.name,
    mode: encodeMode(pool.mode),
    description: pool.description,
    revision: BigInt(pool.revision),
    target: pool.target === undefined ? undefined : encodeTarget(pool.target, pool.id),
    endpoints: pool.endpoints,
    online: pool.online,
    counts: encodeStatusCounts(pool.counts),
    createdAt: pool.createdAt,
    conflicts: encodeConflictMode(pool.policy.conflicts),
    allowDowngrade: pool.policy.allowDowngrade,
    ...pool.policy.consent,
    windows: [...pool.policy.consent.windows],
    upstream: pool.upstream === undefined ? undefined : encodeUpstream(pool.upstream),
    staleAfterDays: pool.staleAfterDays,
  };
}

export function encodeEndpoint(endpoint: EndpointRecord): WireEndpoint {
  return {
    id: endpoint.id,
    name: endpoint.name,
    poolId: endpoint.poolId,
    pool: endpoint.pool,
    labels: { ...endpoint.labels },
    status: encodeSyncStatus(endpoint.status),
    reasons: [...endpoint.reasons],
    online: endpoint.online,
    lastSeen: endpoint.lastSeen,
    digest: endpoint.digest,
    packages: endpoint.packages,
    counts: encodeDriftCounts(endpoint.counts),
    view: endpoint.view === undefined ? undefined : encodeView(endpoint.view, endpoint.viewDigest),
    appliedRevision: BigInt(endpoint.appliedRevision),
    operationId: endpoint.operationId,
    agentVersion: endpoint.agentVersion,
    rebootRequired: endpoint.rebootRequired,
    inbox: endpoint.inbox,
    reportedAt: endpoint.reportedAt,
    apply: endpoint.apply,
    root: endpoint.root,
  };
}

export function encodeOperation(operation: OperationRecord): WireOperation {
  return {
    id: operation.id,
    endpointId: operation.endpointId,
    endpoint: operation.endpoint,
    poolId: operation.poolId,
    planDigest: operation.planDigest,
    targetRevision: BigInt(operation.targetRevision),
    revert: operation.isRevert,
    state: encodeOperationState(operation.state),
    step: operation.step === undefined ? 0 : encodeOperationStep(operation.step),
    percent: operation.percent,
    message: operation.message,
    author: operation.author,
    createdAt: operation.createdAt,
    startedAt: operation.startedAt,
    finishedAt: operation.finishedAt,
    problems: [...operation.problems],
    fence: BigInt(operation.fence),
    changes: operation.changes,
  };
}

export function encodeKey(key: KeyRecord): WireKey {
  const { id, name, createdAt, lastUsedAt, revoked } = key;
  return { id, name, role: ROLE[key.role], createdAt, lastUsedAt, revoked };
}

export function encodeRole(role: RoleName): Role {
  return ROLE[role];
}

/** UNSPECIFIED means operator; undefined for a number that is no role. */
export function decodeRole(wire: Role): RoleName | undefined {
  switch (wire) {
    case Role.VIEWER:
      return "viewer";
    case Role.UNSPECIFIED:
    case Role.OPERATOR:
      return "operator";
    case Role.ADMINISTRATOR:
      return "administrator";
    default:
      return undefined;
  }
}
