// Whether the endpoints of a pool can reach a target with the package files that are kept, and what they lack.

/**
 * `nowhere`: no source has given it. `sha256-unknown`: no view knows the version's file, and nobody has it. `unsigned`:
 * found without a signature. `class`: no repository of the endpoint's class has it. `no-space`: the disk is too full.
 */
export type LackWhy = "nowhere" | "sha256-unknown" | "unsigned" | "class" | "no-space";

export interface LackingFile {
  readonly name: string;
  readonly version: string;
  /** Empty when unknown. */
  readonly filename: string;
  readonly why: LackWhy;
}

export interface EndpointReach {
  readonly endpointId: string;
  readonly endpoint: string;
  readonly reachable: boolean;
  /** By name; the first ones where there are many. */
  readonly lacking: readonly LackingFile[];
  readonly lackingCount: number;
  /** Why nothing can be said of it; empty otherwise. */
  readonly unknownBecause: string;
}

export interface TargetReach {
  readonly pool: string;
  readonly revision: number;
  /** Not every source has been tried yet. */
  readonly fetching: boolean;
  readonly endpoints: readonly EndpointReach[];
  /** Distinct files that members need, the kept and the missing ones among them. */
  readonly files: number;
  readonly filesKept: number;
  readonly bytesKept: number;
  readonly filesMissing: number;
}
