// What one endpoint will do, after pacman's own simulation agreed. Its digest is what an approval binds. docs/spec/plan.md.
import type { Sha256 } from "../package-set/canonical.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import type { Explained, WishedReason } from "./wish.ts";

/** `reinstall`: the same version, another build. */
export type PlanAction = "install" | "upgrade" | "downgrade" | "reinstall" | "remove";

export interface PlanStep {
  readonly action: PlanAction;
  readonly name: string;
  /** Empty for install. */
  readonly fromVersion: string;
  /** Empty for remove. */
  readonly toVersion: string;
  /** Empty for remove, and where no repository of the view has this version. */
  readonly repository: string;
  /** Of what will be installed; of what goes, for remove. */
  readonly architecture: string;
  /** Unix seconds of the build that will be installed; 0 when unknown and for remove. */
  readonly buildDate: number;
  /** Bytes; 0 when unknown or already on the machine. */
  readonly downloadBytes: number;
  readonly why: string;
}

export interface Plan {
  readonly digest: string;
  readonly endpointId: string;
  /** The package set that it starts from, and the one that it ends in. */
  readonly baseDigest: string;
  readonly afterDigest: string;
  /** Where it leads; for a revert, the revision that it leaves. */
  readonly targetRevision: number;
  readonly isRevert: boolean;
  /** Removals first, then by name. */
  readonly steps: readonly PlanStep[];
  /** Set after the transaction; ascending by name. */
  readonly reasons: readonly WishedReason[];
  readonly warnings: readonly string[];
  readonly leftAlone: readonly Explained[];
  readonly downloadBytes: number;
  /** Change of disk use in bytes; negative when space is freed. */
  readonly installedDeltaBytes: number;
}

/** Gives a plan its digest. */
export function sealPlan(plan: Omit<Plan, "digest">, sha256: Sha256): Plan {
  return { ...plan, digest: planDigest(plan, sha256) };
}

/** The receiver of a plan recomputes this and refuses another digest. */
export function planDigest(plan: Omit<Plan, "digest">, sha256: Sha256): string {
  return sha256(canonicalPlanBytes(plan));
}

/** One JSON array per line, so that no text can pass for structure; the first line names the format. */
export function canonicalPlanBytes(plan: Omit<Plan, "digest">): Uint8Array {
  const lines: (readonly (string | number | boolean)[])[] = [
    ["plan", plan.endpointId, plan.baseDigest, plan.afterDigest, plan.targetRevision, plan.isRevert],
    ["bytes", plan.downloadBytes, plan.installedDeltaBytes],
  ];
  for (const one of plan.steps) {
    lines.push([
      one.action,
      one.name,
      one.fromVersion,
      one.toVersion,
      one.repository,
      one.architecture,
      one.buildDate,
      one.downloadBytes,
      one.why,
    ]);
  }
  for (const one of plan.reasons) lines.push(["reason", one.name, one.reason]);
  for (const one of plan.warnings) lines.push(["warning", one]);
  for (const one of plan.leftAlone) lines.push(["left-alone", one.name, one.why]);
  return encodeUtf8(`pacpool-plan 1\n${lines.map((line) => `${JSON.stringify(line)}\n`).join("")}`);
}
