// Everything that a status bar may have to show at one moment. It travels as JSON between bars of one person, so it holds
// plain values only.
import type { CountsByStatus, LastDeed, StatusSummary } from "./status-summary.ts";

/** What is shown of one pool. */
export interface PoolSummary {
  readonly name: string;
  readonly counts: CountsByStatus;
  readonly online: number;
  readonly endpoints: number;
  /** 0 when it has no target. */
  readonly targetRevision: number;
  readonly message: string;
  /** Of an old target; absent while it is none. */
  readonly hint?: string;
  readonly lastDeed?: LastDeed;
  /** Endpoints on which something waits for a person. */
  readonly inbox?: number;
}

/** A line about pools, and how true it is. Unix milliseconds. */
export interface PoolsState {
  readonly pools: readonly PoolSummary[];
  /** Since when the server is not reachable; undefined when it is. */
  readonly offlineSinceMs: number | undefined;
  /** When this was last known to be true. */
  readonly reportedAtMs: number;
}

/** What is wrong in one word, for the bar itself. */
export type Problem = "setup" | "config" | "server" | "key" | "pool" | "endpoint" | "defect";

/** `problem`: nothing is known, and the sentence says why and what to do. */
export type BarSummary =
  | { readonly kind: "endpoint"; readonly endpoint: StatusSummary }
  | { readonly kind: "pools"; readonly pools: PoolsState }
  | { readonly kind: "problem"; readonly problem: Problem; readonly sentence: string };
