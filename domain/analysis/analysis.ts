// What an analysis says of a pool: types only. compute-analysis.ts fills them. docs/spec/analysis.md.
import type { Mode } from "../target/target.ts";
import type { Availability } from "./availability.ts";
import type { Standing } from "./standing.ts";

/** One endpoint of the pool as the analysis takes it. */
export interface Member {
  readonly name: string;
  readonly isOnline: boolean;
  /** Its last operation was not proven, so it is no source. */
  readonly isDegraded: boolean;
  /** Place of its view; undefined while it has not brought its repositories whole, and when isBeyond. */
  readonly view: number | undefined;
  /** Its view was left out, because the pool has too many. */
  readonly isBeyond: boolean;
  /** Undefined before its first report, or while its view is not whole. */
  readonly standing: Standing | undefined;
}

export interface PoolFacts {
  readonly pool: string;
  readonly mode: Mode;
  /** Distinct views that were left out, because the pool has too many. */
  readonly viewsBeyond: number;
  /** The digests of the newest target's views; undefined before the first. */
  readonly targetViews: readonly string[] | undefined;
  /** Names that every endpoint of the pool must have, by its target and its rules. */
  readonly shared: readonly string[];
}

export interface AnalysedClass {
  readonly class: string;
  readonly views: readonly number[];
  readonly endpoints: number;
  /** Place of the view whose packages are newest. */
  readonly newest: number;
  /** Its newest view beside that of the largest class; all the same for the largest itself. */
  readonly beside: ClassComparison;
}

/** Packages of the largest class's newest view, by how another class has them. */
export interface ClassComparison {
  readonly equal: number;
  readonly older: number;
  readonly newer: number;
  readonly lacking: number;
  /** Of those, installed somewhere in the pool. */
  readonly lackingInstalled: number;
}

export interface AnalysedView {
  readonly place: number;
  /** Names, ascending. */
  readonly endpoints: readonly string[];
  /** Whole days that its newest package is older than that of the class's newest view. */
  readonly daysBehind: number;
  /** The pool's newest target has it. */
  readonly isTarget: boolean;
}

/** A repository and who has it, where not everybody does. */
export interface PartialRepository {
  readonly repository: string;
  readonly views: readonly number[];
  readonly lackedBy: readonly number[];
}

export interface Unready {
  readonly endpoint: string;
  readonly why: string;
}

export interface Exception {
  readonly endpoint: string;
  /** Repository packages of it that the target's view would lack. */
  readonly lacking: number;
  /** Names of some of them. */
  readonly examples: readonly string[];
}

/** A view as the pool's target: who could be its source, and who of the pool could follow. */
export interface PossibleTarget {
  readonly view: number;
  /** Endpoints that may become the source now, online ones first. */
  readonly sources: readonly string[];
  readonly unready: readonly Unready[];
  /** Endpoints of its class, itself included, every repository package of which it has. */
  readonly followers: number;
  /** Of its class, but it lacks packages of theirs. */
  readonly excepted: number;
  /** Of those at most MAX_NAMED. */
  readonly exceptions: readonly Exception[];
  /** Of its class, with versions that would go down. */
  readonly downgraded: number;
  /** Endpoints of other classes. */
  readonly strangers: number;
}

export interface InstalledPart {
  readonly name: string;
  readonly endpoints: number;
  /** Distinct ones, at most as many as are listed. */
  readonly versions: readonly string[];
}

/** Closed list; each has its sentence in suggest.ts. */
export const SUGGESTION_KINDS = [
  "incomplete",
  "build",
  "signer",
  "shared",
  "classes",
  "repository",
  "dropped",
  "source",
  "partial",
  "behind",
  "skew",
  "foreign",
] as const;

export type SuggestionKind = (typeof SUGGESTION_KINDS)[number];

/** `act`: something is wrong or will be; `consider`: it would be better; `know`: good to know. */
export type SuggestionWeight = "act" | "consider" | "know";

export interface Suggestion {
  readonly kind: SuggestionKind;
  readonly weight: SuggestionWeight;
  /** What is, in one sentence. */
  readonly sentence: string;
  /** What to do; may name a command. */
  readonly advice: string;
  /** Concerned, at most MAX_NAMED each. */
  readonly endpoints: readonly string[];
  readonly packages: readonly string[];
}

export interface Analysis {
  readonly availability: Availability;
  /** Most endpoints first. */
  readonly classes: readonly AnalysedClass[];
  /** In the order of availability.views. */
  readonly views: readonly AnalysedView[];
  /** Distinct views that were left out, because the pool has too many. */
  readonly viewsBeyond: number;
  readonly partialRepositories: readonly PartialRepository[];
  readonly targets: readonly PossibleTarget[];
  readonly foreign: {
    readonly packages: number;
    readonly endpoints: number;
    readonly listed: readonly InstalledPart[];
  };
  readonly unavailable: { readonly packages: number; readonly endpoints: number };
  /** Endpoints whose repositories are not whole here. */
  readonly notWhole: readonly string[];
  /** Endpoints that have each package, by name number. */
  readonly installedOn: Int32Array;
  /** The gravest first. */
  readonly suggestions: readonly Suggestion[];
}

/** Names that one finding lists; the rest is counted. */
export const MAX_NAMED = 100;
