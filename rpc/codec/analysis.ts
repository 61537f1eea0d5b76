// Analyses, domain -> wire.
import type {
  Analysis,
  PossibleTarget,
  Suggestion,
  SuggestionKind,
  SuggestionWeight,
} from "../../domain/analysis/analysis.ts";
import type { AnalysedPackage, PackageKind } from "../../domain/analysis/list-packages.ts";
import type { ViewOffers } from "../../domain/analysis/view-offers.ts";
import {
  type Analysis as WireAnalysis,
  PackageKind as WireKind,
  type AnalysedPackage as WirePackage,
  type Suggestion as WireSuggestion,
  SuggestionKind as WireSuggestionKind,
  type PossibleTarget as WireTarget,
  type AnalysedView as WireView,
  SuggestionWeight as WireWeight,
} from "../../proto/generated/pacpool/v1/analysis.ts";

const KIND = {
  all: WireKind.ALL,
  common: WireKind.COMMON,
  identical: WireKind.IDENTICAL,
  different: WireKind.DIFFERENT,
  missing: WireKind.MISSING,
  version: WireKind.VERSION,
  build: WireKind.BUILD,
  signer: WireKind.SIGNER,
} as const satisfies Record<PackageKind, WireKind>;

const WEIGHT = {
  act: WireWeight.ACT,
  consider: WireWeight.CONSIDER,
  know: WireWeight.KNOW,
} as const satisfies Record<SuggestionWeight, WireWeight>;

const SUGGESTION = {
  incomplete: WireSuggestionKind.INCOMPLETE,
  build: WireSuggestionKind.BUILD,
  signer: WireSuggestionKind.SIGNER,
  shared: WireSuggestionKind.SHARED,
  classes: WireSuggestionKind.CLASSES,
  repository: WireSuggestionKind.REPOSITORY,
  dropped: WireSuggestionKind.DROPPED,
  source: WireSuggestionKind.SOURCE,
  partial: WireSuggestionKind.PARTIAL,
  behind: WireSuggestionKind.BEHIND,
  skew: WireSuggestionKind.SKEW,
  foreign: WireSuggestionKind.FOREIGN,
} as const satisfies Record<SuggestionKind, WireSuggestionKind>;

const KIND_BACK = new Map<WireKind, PackageKind>(
  (Object.entries(KIND) as [PackageKind, WireKind][]).map(([ours, wire]) => [wire, ours]),
);
const WEIGHT_BACK = new Map<WireWeight, SuggestionWeight>(
  (Object.entries(WEIGHT) as [SuggestionWeight, WireWeight][]).map(([ours, wire]) => [wire, ours]),
);
const SUGGESTION_BACK = new Map<WireSuggestionKind, SuggestionKind>(
  (Object.entries(SUGGESTION) as [SuggestionKind, WireSuggestionKind][]).map(([ours, wire]) => [wire, ours]),
);

export function encodePackageKind(kind: PackageKind): WireKind {
  return KIND[kind];
}

/** Undefined for UNSPECIFIED and for kinds of a newer peer. */
export function decodePackageKind(wire: WireKind): PackageKind | undefined {
  return KIND_BACK.get(wire);
}

/** A weight of a newer server is only good to know. */
export function decodeWeight(wire: WireWeight): SuggestionWeight {
  return WEIGHT_BACK.get(wire) ?? "know";
}

/** Undefined for kinds of a newer server; their sentence says what they are. */
export function decodeSuggestionKind(wire: WireSuggestionKind): SuggestionKind | undefined {
  return SUGGESTION_BACK.get(wire);
}

export function encodeAnalysis(analysis: Analysis): WireAnalysis {
  const { availability, foreign, unavailable } = analysis;
  return {
    counts: { ...availability.counts },
    withinClass: { ...availability.withinClass },
    classes: analysis.classes.map((one) => ({
      class: one.class,
      views: [...one.views],
      endpoints: one.endpoints,
      newestView: one.newest,
      besideLargest: { ...one.beside },
    })),
    views: analysis.views.map((one) => encodeView(one, availability.views[one.place])),
    viewsBeyond: analysis.viewsBeyond,
    partialRepositories: analysis.partialRepositories.map((one) => ({
      repository: one.repository,
      views: [...one.views],
      lackedBy: [...one.lackedBy],
    })),
    targets: analysis.targets.map(encodeTarget),
    foreign: foreign.listed.map((one) => ({ ...one, versions: [...one.versions] })),
    foreignPackages: foreign.packages,
    foreignEndpoints: foreign.endpoints,
    unavailablePackages: unavailable.packages,
    unavailableEndpoints: unavailable.endpoints,
    notWhole: [...analysis.notWhole],
    suggestions: analysis.suggestions.map(encodeSuggestion),
  };
}

function encodeView(one: Analysis["views"][number], view: ViewOffers | undefined): WireView {
  return {
    digest: view?.digest ?? "",
    class: view?.class ?? "",
    architecture: view?.architecture ?? "",
    repositories: (view?.repositories ?? []).map((repository, at) => ({
      repository,
      packages: view?.packagesOf[at] ?? 0,
    })),
    packages: view?.packages ?? 0,
    newestBuild: (view?.newestBuild ?? 0) === 0 ? undefined : new Date((view?.newestBuild ?? 0) * 1_000),
    signedBy: (view?.signedBy ?? []).map((signed) => ({ ...signed })),
    endpoints: [...one.endpoints],
    daysBehind: one.daysBehind,
    isTarget: one.isTarget,
  };
}

function encodeTarget(target: PossibleTarget): WireTarget {
  return {
    ...target,
    sources: [...target.sources],
    unready: target.unready.map((one) => ({ ...one })),
    exceptions: target.exceptions.map((one) => ({ ...one, examples: [...one.examples] })),
  };
}

function encodeSuggestion(one: Suggestion): WireSuggestion {
  return {
    kind: SUGGESTION[one.kind],
    weight: WEIGHT[one.weight],
    sentence: one.sentence,
    advice: one.advice,
    endpoints: [...one.endpoints],
    packages: [...one.packages],
  };
}

export function encodeAnalysedPackage(one: AnalysedPackage): WirePackage {
  return {
    name: one.name,
    differences: one.differences.map(encodePackageKind),
    differencesWithinClass: one.differencesWithinClass.map(encodePackageKind),
    installed: one.installed,
    offers: one.offers.map(({ name: _name, ...offer }) => ({
      ...offer,
      buildDate: BigInt(offer.buildDate),
      views: [...offer.views],
    })),
    lackedBy: [...one.lackedBy],
  };
}
