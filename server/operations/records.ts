// What operations take and give, in domain's words. The services speak of the same records.
import type { DriftCounts } from "../../domain/drift/drift.ts";
import type { SyncStatus } from "../../domain/drift/sync-status.ts";
import type { PackageKey } from "../../domain/files/package-information.ts";
import type { OperationStateKind, OperationStep } from "../../domain/operation/lifecycle.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { PoolConsent } from "../../domain/policy/policy.ts";
import type { ConflictMode } from "../../domain/policy/resolve-conflicts.ts";
import type { Upstream } from "../../domain/target/beyond.ts";
import type { Mode, Target } from "../../domain/target/target.ts";
import type { View } from "../../domain/view/view.ts";

export type RoleName = "viewer" | "operator" | "administrator";

/** Who asks, as the edge authenticated it. */
export type Caller =
  | { readonly kind: "operator"; readonly id: string; readonly name: string; readonly role: RoleName }
  | { readonly kind: "endpoint"; readonly endpointId: string }
  | { readonly kind: "stranger" };

/** Who asks for a change, and the key under which a retry is the same change. */
export interface Mutation {
  readonly caller: Caller;
  readonly idempotencyKey: string | undefined;
}

export interface Page {
  readonly size: number;
  /** From the previous page. */
  readonly token: string | undefined;
}

export interface PageOf<Item> {
  readonly items: readonly Item[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
}

/** What a pool says of conflicts, downgrades and consent. */
export interface PoolPolicy {
  readonly conflicts: ConflictMode;
  readonly allowDowngrade: boolean;
  readonly consent: PoolConsent;
}

export interface PoolRecord {
  readonly id: string;
  readonly name: string;
  readonly mode: Mode;
  readonly description: string;
  readonly revision: number;
  /** The newest. */
  readonly target: Target | undefined;
  readonly endpoints: number;
  readonly online: number;
  readonly counts: Readonly<Record<SyncStatus, number>>;
  readonly createdAt: Date;
  readonly policy: PoolPolicy;
  /** Beyond its target; undefined while nothing newer is known. */
  readonly upstream: Upstream | undefined;
  /** From which age on its target is called old; 0 never. */
  readonly staleAfterDays: number;
}

export interface EndpointRecord {
  readonly id: string;
  readonly name: string;
  readonly poolId: string;
  readonly pool: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: SyncStatus;
  readonly reasons: readonly string[];
  readonly online: boolean;
  readonly lastSeen: Date | undefined;
  /** Empty before the first report. */
  readonly digest: string;
  readonly packages: number;
  readonly counts: DriftCounts;
  readonly view: View | undefined;
  readonly viewDigest: string;
  readonly appliedRevision: number;
  /** Empty when none is under way. */
  readonly operationId: string;
  readonly agentVersion: string;
  readonly rebootRequired: boolean;
  readonly reportedAt: Date | undefined;
  readonly apply: string;
  readonly root: string;
  /** Things that wait for a person there. */
  readonly inbox: number;
}

export interface OperationRecord {
  readonly id: string;
  readonly endpointId: string;
  readonly endpoint: string;
  readonly poolId: string;
  readonly planDigest: string;
  readonly targetRevision: number;
  readonly isRevert: boolean;
  readonly state: OperationStateKind;
  readonly step: OperationStep | undefined;
  readonly percent: number;
  readonly message: string;
  readonly author: string;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly problems: readonly string[];
  readonly fence: number;
  readonly changes: number;
}

export type ResultState = "succeeded" | "degraded" | "failed" | "refused" | "cancelled" | "interrupted";

/** How an agent says that an operation ended. */
export interface RunResult {
  readonly operationId: string;
  readonly fence: number;
  readonly state: ResultState;
  readonly problems: readonly string[];
  readonly startedAt: Date | undefined;
  /** Of an operation that was begun on the machine itself. */
  readonly plan?: Plan | undefined;
}

export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly role: RoleName;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | undefined;
  readonly revoked: boolean;
}

/** What an upload announces. */
export type UploadHeader = {
  readonly sha256: string;
  readonly size: number;
  /** Bytes that are here from an upload before. */
  readonly offset?: number;
} & (
  | { readonly kind?: "sync-database" }
  /** An empty signature means none. */
  | { readonly kind: "package"; readonly filename: string; readonly signature: Uint8Array }
);

export interface ArtifactRecord {
  readonly sha256: string;
  readonly size: number;
  readonly kind: "sync-database" | "package";
  /** Empty for databases. */
  readonly filename: string;
  /** Empty for none. */
  readonly signature: Uint8Array;
}

export interface FoundPackageRecord {
  readonly key: PackageKey;
  readonly artifact: ArtifactRecord;
}

export interface PoolTarget {
  readonly poolId: string;
  readonly target: Target;
}

export interface NewTarget extends PoolTarget {
  /** The revision that a watcher sees the target in. */
  readonly poolRevision: number;
}

/** The name that a change is signed with. */
export function authorOf(caller: Caller): string {
  switch (caller.kind) {
    case "operator":
      return caller.name;
    case "endpoint":
      return `endpoint ${caller.endpointId}`;
    case "stranger":
      return "";
  }
}
