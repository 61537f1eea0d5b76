// How one endpoint differs from its pool's target, package by package; compute-drift.ts fills it.
// docs/spec/drift.md.

/** `own` packages are counted, not listed: they do not differ. What makes the status comes first. */
export const DRIFT_KINDS = [
  "older",
  "newer",
  "rebuilt",
  "missing",
  "extra",
  "reason",
  "replaced",
  "held",
  "foreign",
  "unavailable",
] as const;

export type DriftKind = (typeof DRIFT_KINDS)[number];

/** Why an item has its kind; why.ts makes the sentence. */
export type DriftCause =
  | "view"
  | "pin"
  | "source"
  | "shared"
  | "replaces"
  | "hold"
  | "kept"
  | "rule"
  | "no-repository"
  | "not-in-view"
  | "source-only"
  | "explicit-at-source"
  | "dependency-at-source";

export interface DriftItem {
  readonly name: string;
  readonly kind: DriftKind;
  readonly cause: DriftCause;
  /** Absent when the endpoint does not have it. */
  readonly installed?: string;
  /** The version that the target wants; absent when it wants none or knows none. */
  readonly wanted?: string;
  /** The package that takes its place, for `replaced`. */
  readonly replacer?: string;
  /** One sentence for people about a conflict: an endpoint's own change against the target. */
  readonly note?: string;
}

export interface DriftCounts {
  readonly older: number;
  readonly newer: number;
  readonly rebuilt: number;
  readonly missing: number;
  readonly extra: number;
  readonly reason: number;
  readonly replaced: number;
  readonly held: number;
  readonly foreign: number;
  readonly unavailable: number;
  /** Repository packages that the target's source does not have; their version follows the target. */
  readonly own: number;
}

export const NO_DRIFT: DriftCounts = {
  older: 0,
  newer: 0,
  rebuilt: 0,
  missing: 0,
  extra: 0,
  reason: 0,
  replaced: 0,
  held: 0,
  foreign: 0,
  unavailable: 0,
  own: 0,
};

export interface Drift {
  /** Ascending by name. */
  readonly items: readonly DriftItem[];
  readonly counts: DriftCounts;
}
