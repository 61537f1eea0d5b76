// Packages, conflicts, rules and an analysis as clients see them, each with good defaults: for tests without a server.
import type { AnalysisSummary } from "../../rpc/codec/analysis-view.ts";
import type { PackageEndpointView, PackageView } from "../../rpc/codec/package.ts";
import type { ConflictView, RuleView } from "../../rpc/codec/policy.ts";
import { NOW_MS } from "./tui-data.ts";

const DAY_MS = 86_400_000;

export function packageEndpoint(endpoint: string, more: Partial<PackageEndpointView> = {}): PackageEndpointView {
  return {
    endpointId: `e-${endpoint}`,
    endpoint,
    poolId: "p-studio",
    pool: "studio",
    isOnline: true,
    isReported: true,
    version: "126.0-1",
    architecture: "x86_64",
    buildDateMs: NOW_MS - DAY_MS,
    isExplicit: true,
    wanted: "126.0-1",
    drift: undefined,
    why: "",
    ...more,
  };
}

export function aPackage(endpoints: readonly PackageEndpointView[], more: Partial<PackageView> = {}): PackageView {
  return {
    name: "firefox",
    builds: [
      {
        version: "126.0-1",
        architecture: "x86_64",
        buildDateMs: NOW_MS - DAY_MS,
        endpoints: 1,
        repository: "extra",
        signer: "F4B2ADB9E1B6A4B1",
        keptBytes: 18_400_000,
      },
    ],
    wants: [
      {
        poolId: "p-studio",
        pool: "studio",
        targetRevision: 4,
        class: "x86_64:core",
        version: "126.0-1",
        buildDateMs: 0,
        repository: "extra",
        signer: "F4B2ADB9E1B6A4B1",
        isPinned: false,
        isRequired: false,
        endpoints: endpoints.length,
      },
    ],
    endpoints,
    total: endpoints.length,
    without: endpoints.filter(({ version }) => version === "").length,
    unreported: 0,
    ...more,
  };
}

export function aConflict(name: string, more: Partial<ConflictView> = {}): ConflictView {
  return {
    endpointId: "e-borealis",
    endpoint: "borealis",
    name,
    base: "1.0-1",
    installed: "1.5-1",
    target: "2.0-1",
    targetRevision: 4n,
    take: undefined,
    why: "changed here since target 3, and the target wants another version: a person has to choose",
    decidedBy: "",
    decidedAtMs: undefined,
    ...more,
  };
}

export function aRule(pattern: string, more: Partial<RuleView> = {}): RuleView {
  return {
    id: `r-${pattern}`,
    kind: "hold",
    scope: { kind: "pool", pool: "studio" },
    pattern,
    author: "ada",
    message: "until the new driver",
    createdAtMs: NOW_MS - DAY_MS,
    ...more,
  };
}

const COUNTS = { packages: 5, common: 3, identical: 2, missing: 2, version: 1, build: 0, signer: 0 };

export function anAnalysis(more: Partial<AnalysisSummary> = {}): AnalysisSummary {
  return {
    counts: COUNTS,
    withinClass: COUNTS,
    classes: [],
    views: [
      {
        digest: "a".repeat(64),
        class: "x86_64:core",
        architecture: "x86_64",
        repositories: [{ repository: "core", packages: 5 }],
        packages: 5,
        newestBuildMs: NOW_MS - DAY_MS,
        signedBy: [{ keyId: "", packages: 5 }],
        endpoints: ["atlas"],
        daysBehind: 0,
        isTarget: true,
      },
    ],
    viewsBeyond: 0,
    partialRepositories: [],
    targets: [
      {
        view: 0,
        sources: ["atlas"],
        unready: [],
        followers: 2,
        excepted: 1,
        exceptions: [{ endpoint: "borealis", lacking: 2, examples: ["gone", "lib32-glibc"] }],
        downgraded: 0,
        strangers: 1,
      },
    ],
    foreign: [{ name: "yay", endpoints: 1, versions: ["12-1"] }],
    foreignPackages: 1,
    foreignEndpoints: 1,
    unavailablePackages: 0,
    unavailableEndpoints: 0,
    notWhole: [],
    suggestions: [
      {
        kind: "repository",
        weight: "act",
        sentence: "A target from atlas would leave 2 packages of borealis behind.",
        advice: "Enable multilib on atlas, then take it again.",
        endpoints: ["borealis"],
        packages: ["gone", "lib32-glibc"],
      },
    ],
    ...more,
  };
}
