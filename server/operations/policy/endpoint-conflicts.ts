// Which packages an endpoint changed by itself against the target that it had last, and what becomes of them. Reads the
// base target's view; decides nothing that domain/policy does not.
import { computeDrift, type DriftContext } from "../../../domain/drift/compute-drift.ts";
import type { Drift } from "../../../domain/drift/drift.ts";
import { findInstalled, type PackageSet } from "../../../domain/package-set/package-set.ts";
import {
  type Build,
  type ConflictMode,
  type Decision,
  findConflicts,
  type ResolvedConflict,
  resolveConflicts,
} from "../../../domain/policy/resolve-conflicts.ts";
import { type Target, targetForClass } from "../../../domain/target/target.ts";
import type { Content, Query } from "../content.ts";
import { readTarget } from "../target-rows.ts";

/** What conflicts of one endpoint follow from. */
export interface ConflictSubject {
  readonly poolId: string;
  readonly class: string;
  readonly installed: PackageSet;
  readonly held: ReadonlySet<string>;
  /** With the target of the endpoint's class. */
  readonly context: DriftContext;
  readonly targetRevision: number;
  readonly baseRevision: number;
  readonly mode: ConflictMode;
  readonly decisions: readonly Decision[];
}

/** Ascending by name. `drift`: computed without anything kept; given when the caller has it. */
export async function endpointConflicts(
  content: Content,
  sql: Query,
  subject: ConflictSubject,
  drift: Drift = driftWithout(subject),
): Promise<readonly ResolvedConflict[]> {
  const { installed, context, mode, decisions, targetRevision } = subject;
  const base = await baseBuilds(content, sql, subject);
  const found = findConflicts({
    drift,
    installed,
    base,
    targetBuildDate: (name) => wantedBuild(context, name)?.buildDate ?? 0,
  });
  return resolveConflicts(found, mode, decisions, targetRevision);
}

function driftWithout({ context, installed, held }: ConflictSubject): Drift {
  return computeDrift({ ...context, installed, held });
}

function wantedBuild({ target, targetView, targetSet }: DriftContext, name: string): Build | undefined {
  const mirrored = target.mode === "mirror" && targetSet !== undefined ? findInstalled(targetSet, name) : undefined;
  if (mirrored !== undefined) return mirrored;
  const version = target.pins.get(name);
  const fromView = targetView.packages.get(name);
  return version === undefined || version === fromView?.version ? fromView : { version, buildDate: 0 };
}

/** What the endpoint had from its last target; knows nothing when there was none, or of another class. */
async function baseBuilds(
  content: Content,
  sql: Query,
  { poolId, class: ofClass, baseRevision, context, targetRevision }: ConflictSubject,
): Promise<(name: string) => Build | undefined> {
  if (baseRevision === targetRevision) return (name) => wantedBuild(context, name);
  const whole = baseRevision === 0 ? undefined : await readTarget(sql, poolId, baseRevision);
  const target: Target | undefined = whole === undefined ? undefined : targetForClass(whole, ofClass);
  const targetView = target === undefined ? undefined : await content.viewIndex(sql, target.viewDigest);
  if (target === undefined || targetView === undefined) return () => undefined;
  const targetSet = target.mode === "mirror" ? await content.packageSet(sql, target.packageSetDigest) : undefined;
  return (name) => wantedBuild({ ...context, target, targetView, targetSet }, name);
}
