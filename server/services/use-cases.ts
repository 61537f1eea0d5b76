// What the services ask for, in domain's words. Satisfied by the operations, whose records it speaks of; workings.ts binds
// the two.

import type { PackageFilter } from "../../domain/analysis/list-packages.ts";
import type { Drift, DriftItem } from "../../domain/drift/drift.ts";
import type { PackageKey } from "../../domain/files/package-information.ts";
import type { TargetReach } from "../../domain/files/target-reach.ts";
import type { InboxItem, InboxKind } from "../../domain/inbox/inbox-item.ts";
import type { PackageSet } from "../../domain/package-set/package-set.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { Mode, Target } from "../../domain/target/target.ts";
import type { RoleName } from "../../rpc/principal.ts";
import type { PoolAnalysis } from "../operations/analysis/analyze-pool.ts";
import type { PackageRecord } from "../operations/analysis/get-package.ts";
import type { OperationLogLine } from "../operations/operation-log.ts";
import type { PolicyOperations } from "../operations/policy/policy-operations.ts";
import type { PoolPolicyChange } from "../operations/pool/update-pool.ts";
import type {
  ArtifactRecord,
  EndpointRecord,
  FoundPackageRecord,
  KeyRecord,
  Mutation,
  NewTarget,
  OperationRecord,
  Page,
  PageOf,
  PoolRecord,
  PoolTarget,
  UploadHeader,
} from "../operations/records.ts";

/** Rules and conflicts, just as the operations have them. */
export type PolicyCases = PolicyOperations;

export interface PoolCases {
  readonly createPool: (
    input: Mutation & { readonly name: string; readonly mode: Mode; readonly description: string },
  ) => Promise<PoolRecord>;
  readonly getPool: (pool: string) => Promise<PoolRecord>;
  readonly listPools: (page: Page) => Promise<PageOf<PoolRecord>>;
  readonly updatePool: (
    input: Mutation & {
      readonly pool: string;
      readonly name: string | undefined;
      readonly description: string | undefined;
      readonly mode: Mode | undefined;
      readonly policy: PoolPolicyChange;
      readonly staleAfterDays: number | undefined;
      readonly expectedRevision: number | undefined;
    },
  ) => Promise<PoolRecord>;
  readonly deletePool: (input: Mutation & { readonly pool: string }) => Promise<void>;
}

export type PlanOutcome =
  | { readonly kind: "plan"; readonly plan: Plan }
  | {
      readonly kind: "refused";
      readonly reason: string;
      readonly message: string;
      readonly details: readonly string[];
    };

export interface EndpointCases {
  readonly getEndpoint: (endpoint: string) => Promise<EndpointRecord>;
  readonly listEndpoints: (pool: string | undefined, page: Page) => Promise<PageOf<EndpointRecord>>;
  readonly getDrift: (
    endpoint: string,
  ) => Promise<{ readonly endpoint: EndpointRecord; readonly drift: Drift; readonly targetRevision: number }>;
  readonly getPackageSet: (endpoint: string) => Promise<{ readonly digest: string; readonly set: PackageSet }>;
  readonly computePlan: (
    input: {
      readonly endpoint: string;
      readonly isRevert: boolean;
      /** Of torn entries; default false. */
      readonly isRepair?: boolean;
      readonly revertOperationId: string | undefined;
    },
    signal: AbortSignal,
  ) => Promise<PlanOutcome>;
  readonly moveEndpoint: (
    input: Mutation & { readonly endpoint: string; readonly pool: string },
  ) => Promise<EndpointRecord>;
  readonly labelEndpoint: (
    input: Mutation & {
      readonly endpoint: string;
      readonly set: Readonly<Record<string, string>>;
      readonly clear: readonly string[];
    },
  ) => Promise<EndpointRecord>;
  readonly removeEndpoint: (input: Mutation & { readonly endpoint: string }) => Promise<void>;
}

export interface TargetCases {
  readonly setLatest: (
    input: Mutation & {
      readonly endpoint: string;
      readonly message: string;
      readonly pins: readonly string[];
      readonly pinAll: boolean;
      readonly expectedTargetRevision: number | undefined;
      readonly shared: readonly string[];
      readonly evenBad: boolean;
    },
  ) => Promise<NewTarget>;
  /** Revision undefined means the newest. */
  readonly getTarget: (pool: string, revision: number | undefined) => Promise<PoolTarget>;
  readonly listTargets: (pool: string, page: Page) => Promise<{ readonly poolId: string } & PageOf<Target>>;
  readonly diffTargets: (pool: string, from: number, to: number | undefined) => Promise<readonly DriftItem[]>;
  readonly verifyTarget: (pool: string, revision: number | undefined) => Promise<TargetReach>;
  readonly restoreTarget: (
    input: Mutation & {
      readonly pool: string;
      readonly revision: number | undefined;
      readonly markBad: boolean;
      readonly message: string;
      readonly expectedTargetRevision: number | undefined;
    },
  ) => Promise<NewTarget>;
}

export interface OperationCases {
  readonly startOperation: (
    input: Mutation & { readonly endpoint: string; readonly planDigest: string },
  ) => Promise<OperationRecord>;
  readonly getOperation: (id: string) => Promise<{ readonly operation: OperationRecord; readonly plan: Plan }>;
  /** What it said on its way, the oldest line first. */
  readonly readLog: (id: string) => Promise<readonly OperationLogLine[]>;
  readonly listOperations: (
    filter: { readonly pool: string | undefined; readonly endpoint: string | undefined; readonly active: boolean },
    page: Page,
  ) => Promise<PageOf<OperationRecord>>;
  readonly approveOperation: (
    input: Mutation & { readonly id: string; readonly planDigest: string },
  ) => Promise<OperationRecord>;
  readonly cancelOperation: (input: Mutation & { readonly id: string }) => Promise<OperationRecord>;
  readonly repairOperation: (input: Mutation & { readonly id: string }) => Promise<OperationRecord>;
}

export interface AnalysisCases {
  /** Over what the pool's endpoints last reported; packages of a kind come in pages. */
  readonly analyzePool: (pool: string, filter: PackageFilter, page: Page) => Promise<PoolAnalysis>;
  /** Pool undefined means every pool; endpoints come in pages. */
  readonly getPackage: (name: string, pool: string | undefined, page: Page) => Promise<PackageRecord>;
}

export interface AccessCases {
  readonly createToken: (
    input: Mutation & { readonly pool: string | undefined; readonly uses: number; readonly validForMs: number },
  ) => Promise<{ readonly id: string; readonly token: string; readonly expiresAt: Date }>;
  readonly createKey: (
    input: Mutation & { readonly name: string; readonly role: RoleName },
  ) => Promise<{ readonly key: KeyRecord; readonly secret: string }>;
  readonly listKeys: () => Promise<readonly KeyRecord[]>;
  readonly revokeKey: (input: Mutation & { readonly id: string }) => Promise<void>;
}

export interface InboxCases {
  readonly listInbox: (
    filter: {
      readonly pool: string | undefined;
      readonly endpoint: string | undefined;
      readonly kind: InboxKind | undefined;
    },
    page: Page,
  ) => Promise<
    PageOf<{
      readonly endpointId: string;
      readonly endpoint: string;
      readonly pool: string;
      readonly items: readonly InboxItem[];
    }>
  >;
}

export interface ArtifactCases {
  readonly missing: (sha256: readonly string[]) => Promise<readonly string[]>;
  /** Bytes that an interrupted upload left; 0 for none. */
  readonly beginning: (sha256: string) => Promise<number>;
  readonly has: (sha256: string) => Promise<boolean>;
  /** Stores what the stream gives. Throws Refusal ARTIFACT_CORRUPT, for packages also ARTIFACT_UNSIGNED. */
  readonly store: (header: UploadHeader, bytes: AsyncIterable<Uint8Array>) => Promise<void>;
  readonly describeArtifacts: (sha256: readonly string[]) => Promise<readonly ArtifactRecord[]>;
  readonly findPackages: (packages: readonly PackageKey[]) => Promise<readonly FoundPackageRecord[]>;
  /** Throws Refusal ARTIFACT_NOT_FOUND. */
  readonly read: (sha256: string, offset: number) => AsyncIterable<Uint8Array>;
}

export interface EnrolCases {
  readonly enrol: (input: {
    readonly idempotencyKey: string | undefined;
    readonly token: string;
    readonly name: string;
    readonly pool: string | undefined;
    readonly replace: boolean;
  }) => Promise<{ readonly endpointId: string; readonly name: string; readonly pool: string; readonly key: string }>;
}
