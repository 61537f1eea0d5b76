// One package on many endpoints: how each stands to what its target wants, and which builds there are. It judges by the same
// functions as drift does, so that both always say the same.
import { type DriftContext, findWanted, judgeAbsent, judgePackage, namesToHave } from "../drift/compute-drift.ts";
import type { DriftItem, DriftKind } from "../drift/drift.ts";
import { explainDrift } from "../drift/why.ts";
import type { InstalledPackage } from "../package-set/package-set.ts";
import { compareVersions } from "../version/compare.ts";
import type { ViewIndex } from "../view/view-index.ts";
import { UNREADABLE } from "./offer-table.ts";
import { signatureKeyId } from "./signature-key.ts";

/** What a target wants of the package on endpoints of one class. */
export interface PackageWant {
  /** Undefined when its view does not have it. */
  readonly version: string | undefined;
  /** Unix seconds; 0 when any build will do. */
  readonly buildDate: number;
  readonly repository: string;
  /** As in SignedBy. */
  readonly signer: string;
  readonly isPinned: boolean;
  /** Its absence is drift. */
  readonly isRequired: boolean;
}

/** How an endpoint stands to it. */
export interface PackageStanding {
  /** Undefined when it is as wanted, or nothing is. */
  readonly drift: DriftKind | undefined;
  /** One sentence; empty when there is nothing to say. */
  readonly why: string;
}

/** Where a version is to be had. */
export interface PackageOrigin {
  readonly repository: string;
  readonly signer: string;
}

/** A version that endpoints have. */
export interface PackageBuild {
  readonly version: string;
  readonly architecture: string;
  /** Unix seconds; 0 where unknown. */
  readonly buildDate: number;
  readonly endpoints: number;
}

export function wantOf(context: DriftContext, name: string): PackageWant {
  const wanted = findWanted(context, name);
  const origin = originOf(context.targetView, name, wanted?.version);
  return {
    version: wanted?.version,
    buildDate: wanted?.buildDate ?? 0,
    repository: origin?.repository ?? "",
    signer: origin?.signer ?? "",
    isPinned: context.target.pins.has(name),
    isRequired: namesToHave(context).includes(name),
  };
}

/** `kept`: the sentence of a conflict that keeps it as it is. `isHeld`: by the machine itself. */
export function standingOf(
  context: DriftContext,
  want: PackageWant,
  name: string,
  one: {
    readonly installed: InstalledPackage | undefined;
    readonly isHeld: boolean;
    readonly kept: string | undefined;
  },
): PackageStanding {
  const { installed, isHeld, kept } = one;
  if (installed === undefined) {
    return want.isRequired && !isHeld ? said(judgeAbsent(context, name)) : { drift: undefined, why: "" };
  }
  const judged = judgePackage(context, installed, kept !== undefined || isHeld);
  if (judged === undefined) return { drift: undefined, why: "" };
  return said(kept === undefined || judged.kind !== "held" ? judged : { ...judged, cause: "kept", note: kept });
}

function said(item: DriftItem): PackageStanding {
  return { drift: item.kind, why: explainDrift(item) };
}

/** Undefined when the view has another version of it, or none. */
export function originOf(view: ViewIndex, name: string, version: string | undefined): PackageOrigin | undefined {
  const offered = view.packages.get(name);
  if (offered === undefined || offered.version !== version) return undefined;
  const { repository, signature } = offered;
  return { repository, signer: signature === undefined ? "" : (signatureKeyId(signature) ?? UNREADABLE) };
}

/** The highest version first, of one version the later build. */
export function buildsOf(installed: readonly (InstalledPackage | undefined)[]): readonly PackageBuild[] {
  const builds = new Map<string, PackageBuild>();
  for (const one of installed) {
    if (one === undefined) continue;
    const { version, architecture, buildDate } = one;
    const key = `${version} ${architecture} ${buildDate}`;
    builds.set(key, { version, architecture, buildDate, endpoints: (builds.get(key)?.endpoints ?? 0) + 1 });
  }
  return [...builds.values()].sort(
    (a, b) =>
      compareVersions(b.version, a.version) ||
      b.buildDate - a.buildDate ||
      (a.architecture < b.architecture ? -1 : Number(a.architecture > b.architecture)),
  );
}
