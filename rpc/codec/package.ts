// One package over many endpoints, wire -> what clients show.
import type { DriftKind } from "../../domain/drift/drift.ts";
import type {
  GetPackageResponse,
  PackageBuild as WireBuild,
  PackageEndpoint as WireEndpoint,
  PackageWant as WireWant,
} from "../../proto/generated/pacpool/v1/analysis.ts";
import { decodeDriftKind } from "./drift.ts";

/** A version that endpoints have. */
export interface BuildView {
  readonly version: string;
  readonly architecture: string;
  /** 0 where unknown. */
  readonly buildDateMs: number;
  readonly endpoints: number;
  /** Empty when no repository has it any more. */
  readonly repository: string;
  /** Key id, "unreadable", or empty without signature. */
  readonly signer: string;
  /** 0 when the server keeps no file of it. */
  readonly keptBytes: number;
}

/** What a pool's target wants of it on endpoints of one class. */
export interface WantView {
  readonly poolId: string;
  readonly pool: string;
  readonly targetRevision: number;
  readonly class: string;
  /** Empty when the target does not know it. */
  readonly version: string;
  readonly buildDateMs: number;
  readonly repository: string;
  readonly signer: string;
  readonly isPinned: boolean;
  /** Whoever lacks it misses it. */
  readonly isRequired: boolean;
  readonly endpoints: number;
}

export interface PackageEndpointView {
  readonly endpointId: string;
  readonly endpoint: string;
  readonly poolId: string;
  readonly pool: string;
  readonly isOnline: boolean;
  readonly isReported: boolean;
  /** Empty when it does not have it. */
  readonly version: string;
  readonly architecture: string;
  readonly buildDateMs: number;
  readonly isExplicit: boolean;
  /** Empty when nothing is wanted. */
  readonly wanted: string;
  /** Undefined when it is as wanted or nothing can be said; then `why` says so. */
  readonly drift: DriftKind | undefined;
  readonly why: string;
}

export interface PackageView {
  readonly name: string;
  /** The highest version first. */
  readonly builds: readonly BuildView[];
  readonly wants: readonly WantView[];
  /** Ascending by name. */
  readonly endpoints: readonly PackageEndpointView[];
  readonly total: number;
  readonly without: number;
  readonly unreported: number;
}

/** One page; builds and wants come with the first. */
export function decodePackage(wire: GetPackageResponse): PackageView {
  return {
    name: wire.name,
    builds: wire.builds.map(decodeBuild),
    wants: wire.wants.map(decodeWant),
    endpoints: wire.endpoints.map(decodeEndpoint),
    total: wire.totalEndpoints,
    without: wire.without,
    unreported: wire.unreported,
  };
}

function decodeBuild(wire: WireBuild): BuildView {
  const { version, architecture, endpoints, repository, signer } = wire;
  const keptBytes = Number(wire.keptBytes);
  return { version, architecture, buildDateMs: ms(wire.buildDate), endpoints, repository, signer, keptBytes };
}

function decodeWant(wire: WireWant): WantView {
  const { poolId, pool, version, repository, signer, endpoints } = wire;
  return {
    poolId,
    pool,
    version,
    repository,
    signer,
    endpoints,
    class: wire.class,
    targetRevision: Number(wire.targetRevision),
    buildDateMs: ms(wire.buildDate),
    isPinned: wire.pinned,
    isRequired: wire.required,
  };
}

function decodeEndpoint(wire: WireEndpoint): PackageEndpointView {
  const { endpointId, endpoint, poolId, pool, version, architecture, why } = wire;
  return {
    endpointId,
    endpoint,
    poolId,
    pool,
    version,
    architecture,
    why,
    isOnline: wire.online,
    isReported: wire.reported,
    buildDateMs: ms(wire.buildDate),
    isExplicit: wire.explicit,
    wanted: wire.targetVersion,
    drift: decodeDriftKind(wire.drift),
  };
}

function ms(seconds: bigint): number {
  return Number(seconds) * 1_000;
}
