// Analyses, wire -> what faces show and print.
import type { SuggestionKind, SuggestionWeight } from "../../domain/analysis/analysis.ts";
import type { DifferenceCounts } from "../../domain/analysis/availability.ts";
import type { PackageKind } from "../../domain/analysis/list-packages.ts";
import type {
  Analysis as WireAnalysis,
  AnalysedPackage as WirePackage,
  AnalysedView as WireView,
} from "../../proto/generated/pacpool/v1/analysis.ts";
import { decodePackageKind, decodeSuggestionKind, decodeWeight } from "./analysis.ts";

export interface ViewSummary {
  readonly digest: string;
  readonly class: string;
  readonly architecture: string;
  readonly repositories: readonly { readonly repository: string; readonly packages: number }[];
  readonly packages: number;
  /** 0 when unknown. */
  readonly newestBuildMs: number;
  /** An empty key id: the database carries no signature. */
  readonly signedBy: readonly { readonly keyId: string; readonly packages: number }[];
  readonly endpoints: readonly string[];
  readonly daysBehind: number;
  readonly isTarget: boolean;
}

export interface SuggestionLine {
  /** "other" for a kind of a newer server. */
  readonly kind: SuggestionKind | "other";
  readonly weight: SuggestionWeight;
  readonly sentence: string;
  readonly advice: string;
  readonly endpoints: readonly string[];
  readonly packages: readonly string[];
}

/** The wire's own fields where they say it all. Views are named by their place. */
export interface AnalysisSummary
  extends Pick<
    WireAnalysis,
    | "classes"
    | "viewsBeyond"
    | "partialRepositories"
    | "targets"
    | "foreign"
    | "foreignPackages"
    | "foreignEndpoints"
    | "unavailablePackages"
    | "unavailableEndpoints"
    | "notWhole"
  > {
  readonly counts: DifferenceCounts;
  readonly withinClass: DifferenceCounts;
  readonly views: readonly ViewSummary[];
  readonly suggestions: readonly SuggestionLine[];
}

export interface PackageSummary {
  readonly name: string;
  readonly differences: readonly PackageKind[];
  readonly differencesWithinClass: readonly PackageKind[];
  /** Endpoints that have it. */
  readonly installed: number;
  readonly offers: readonly OfferSummary[];
  readonly lackedBy: readonly number[];
}

export interface OfferSummary {
  readonly version: string;
  readonly architecture: string;
  /** 0 when unknown. */
  readonly buildDateMs: number;
  readonly repository: string;
  readonly sha256: string;
  readonly signer: string;
  readonly views: readonly number[];
}

const NO_DIFFERENCES: DifferenceCounts = {
  packages: 0,
  common: 0,
  identical: 0,
  missing: 0,
  version: 0,
  build: 0,
  signer: 0,
};

export function decodeAnalysis(wire: WireAnalysis): AnalysisSummary {
  return {
    ...wire,
    counts: wire.counts ?? NO_DIFFERENCES,
    withinClass: wire.withinClass ?? NO_DIFFERENCES,
    views: wire.views.map(decodeView),
    suggestions: wire.suggestions.map((one) => ({
      kind: decodeSuggestionKind(one.kind) ?? "other",
      weight: decodeWeight(one.weight),
      sentence: one.sentence,
      advice: one.advice,
      endpoints: one.endpoints,
      packages: one.packages,
    })),
  };
}

function decodeView({ newestBuild, ...rest }: WireView): ViewSummary {
  return { ...rest, newestBuildMs: newestBuild?.getTime() ?? 0 };
}

export function decodeAnalysedPackage(wire: WirePackage): PackageSummary {
  return {
    name: wire.name,
    differences: wire.differences.flatMap((kind) => decodePackageKind(kind) ?? []),
    differencesWithinClass: wire.differencesWithinClass.flatMap((kind) => decodePackageKind(kind) ?? []),
    installed: wire.installed,
    offers: wire.offers.map(({ buildDate, ...offer }) => ({ ...offer, buildDateMs: Number(buildDate) * 1_000 })),
    lackedBy: wire.lackedBy,
  };
}
