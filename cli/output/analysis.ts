// An analysis as JSON. Views are named by their place in `views`, where lists of them are.
import type { AnalysisSummary, OfferSummary, PackageSummary, ViewSummary } from "../../rpc/codec/analysis-view.ts";
import { jsonTime } from "./json.ts";

export interface PoolAnalysis {
  readonly pool: string;
  readonly digest: string;
  readonly summary: AnalysisSummary;
  /** As many as were asked for. */
  readonly packages: readonly PackageSummary[];
  /** That are of the asked kind. */
  readonly totalPackages: number;
}

type Json = Readonly<Record<string, unknown>>;

export function analysisJson({ pool, digest, summary, packages, totalPackages }: PoolAnalysis): Json {
  return {
    pool,
    digest,
    counts: summary.counts,
    withinClass: summary.withinClass,
    classes: summary.classes,
    views: summary.views.map(viewJson),
    viewsBeyond: summary.viewsBeyond,
    partialRepositories: summary.partialRepositories,
    targets: summary.targets,
    foreign: { packages: summary.foreignPackages, endpoints: summary.foreignEndpoints, listed: summary.foreign },
    unavailable: { packages: summary.unavailablePackages, endpoints: summary.unavailableEndpoints },
    notWhole: summary.notWhole,
    suggestions: summary.suggestions,
    totalPackages,
    packages: packages.map(packageJson),
  };
}

function viewJson(view: ViewSummary): Json {
  return {
    digest: view.digest,
    class: view.class,
    architecture: view.architecture,
    endpoints: view.endpoints,
    packages: view.packages,
    newestBuild: jsonTime(view.newestBuildMs),
    daysBehind: view.daysBehind,
    target: view.isTarget,
    repositories: view.repositories,
    signedBy: view.signedBy.map((one) => ({ ...one, keyId: orNull(one.keyId) })),
  };
}

function packageJson(one: PackageSummary): Json {
  return {
    name: one.name,
    differences: one.differences,
    differencesWithinClass: one.differencesWithinClass,
    installed: one.installed,
    offers: one.offers.map(offerJson),
    lackedBy: one.lackedBy,
  };
}

function offerJson(offer: OfferSummary): Json {
  return {
    version: offer.version,
    architecture: offer.architecture,
    buildDate: jsonTime(offer.buildDateMs),
    repository: offer.repository,
    sha256: orNull(offer.sha256),
    signer: orNull(offer.signer),
    views: offer.views,
  };
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}
