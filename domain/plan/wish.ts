// What an endpoint should become, before pacman has had its say: drift turned into packages to set and to remove.
// Whether pacman can do it, and what it does besides, is known only after the simulation. Types; compute-wish.ts fills them.
import type { InstallReason } from "../package-set/package-set.ts";

export interface WishedPackage {
  readonly name: string;
  readonly version: string;
  /** Unix seconds; 0 when any build of that version does. */
  readonly buildDate: number;
  /** Empty when no repository of the target's view has this version: kept files, caches and archives may. */
  readonly repository: string;
  readonly why: string;
}

export interface WishedReason {
  readonly name: string;
  readonly reason: InstallReason;
}

export interface Explained {
  readonly name: string;
  /** One sentence for people. */
  readonly why: string;
}

/**
 * `versions`: the simulation may add dependencies and remove what packages conflict with or replace. `exact`: the result
 * must be `after`, but for the names left alone.
 */
export type WishKind = "versions" | "exact";

/** All lists ascending by name. */
export interface Wish {
  readonly kind: WishKind;
  readonly set: readonly WishedPackage[];
  readonly remove: readonly Explained[];
  /** Reasons that must hold afterwards and do not now, or that pacman would set otherwise. */
  readonly reasons: readonly WishedReason[];
  readonly leftAlone: readonly Explained[];
  /** In an exact wish: names whose presence is the endpoint's affair, or that it must have beside the set; never removed. */
  readonly free?: ReadonlySet<string>;
}
