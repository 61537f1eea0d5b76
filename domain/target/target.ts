// What a pool should be, at one revision. It names views and sets by digest and holds neither.
import type { View } from "../view/view.ts";

/** `versions`: versions follow the target, presence is the endpoint's affair. `mirror`: the source's whole set exactly. */
export type Mode = "versions" | "mirror";

export interface Target {
  /** 1 for the first; grows by one within a pool. */
  readonly revision: number;
  readonly mode: Mode;
  readonly view: View;
  readonly viewDigest: string;
  /** Versions by name that the target fixes although its view says otherwise. */
  readonly pins: ReadonlyMap<string, string>;
  /** Names that every endpoint must have. */
  readonly shared: readonly string[];
  /** The source's package set; mirror mode applies it exactly, versions mode tells own packages by it. */
  readonly packageSetDigest: string;
  /** Empty once the source was removed. */
  readonly sourceEndpointId: string;
  readonly sourceEndpoint: string;
  readonly author: string;
  readonly message: string;
  readonly createdAtMs: number;
  /** Marked by a revert: never applied again by itself. */
  readonly bad: boolean;
  /** The older revision whose content this one repeats; 0 for new content. */
  readonly restoresRevision: number;
}
