// What a pool should be, at one revision. It names views and sets by digest and holds neither.
import type { View } from "../view/view.ts";

/** `versions`: versions follow the target, presence is the endpoint's affair. `mirror`: the source's whole set exactly. */
export type Mode = "versions" | "mirror";

/** What one class of endpoints takes its versions from. */
export interface ClassView {
  readonly view: View;
  readonly digest: string;
}

export interface Target {
  /** 1 for the first; grows by one within a pool. */
  readonly revision: number;
  readonly mode: Mode;
  /** The source's. */
  readonly view: View;
  readonly viewDigest: string;
  /** Frozen in the same moment for the pool's other classes; ascending by class. */
  readonly otherViews: readonly ClassView[];
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

/**
 * The target as endpoints of a class are to take it; undefined when it has no view for them. A class that is not known is
 * never guessed, and a mirror is of one class: the source's set cannot be built from other repositories.
 */
export function targetForClass(target: Target, ofClass: string): Target | undefined {
  if (ofClass === "") return undefined;
  if (target.view.class === ofClass) return target;
  const other = target.mode === "mirror" ? undefined : target.otherViews.find(({ view }) => view.class === ofClass);
  return other === undefined ? undefined : { ...target, view: other.view, viewDigest: other.digest };
}
