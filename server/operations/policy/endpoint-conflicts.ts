// Which packages an endpoint changed by itself against the target that it had last, and what becomes of them. Reads the
// base target's view; decides nothing that domain/policy does not.
import { computeDrift, type DriftContext } from "../../../domain/drift/compute-drift.ts";
import type { Drift } from "../../../domain/drift/drift.ts";
import type { PackageSet } from "../../../domain/package-set/package-set.ts";
import {
  type ConflictMode,
  type Decision,
  findConflicts,
  type ResolvedConflict,
  resolveConflicts,
} from "../../../domain/policy/resolve-conflicts.ts";
import type { Content, Query } from "../content.ts";
import { type BaseRow, baseBuilds, wantedBuild } from "./base-builds.ts";

/** What conflicts of one endpoint follow from. */
export interface ConflictSubject {
  readonly base: BaseRow;
  readonly installed: PackageSet;
  readonly held: ReadonlySet<string>;
  /** With the target of the endpoint's class. */
  readonly context: DriftContext;
  readonly targetRevision: number;
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
  const base =
    subject.base.base_revision === targetRevision
      ? (name: string) => wantedBuild(context, name)
      : await baseBuilds(content, sql, subject.base);
  const found = findConflicts({
    drift,
    installed,
    base,
    carried: (name) => subject.base.base_carried[name],
    targetBuildDate: (name) => wantedBuild(context, name)?.buildDate ?? 0,
  });
  return resolveConflicts(found, mode, decisions, targetRevision);
}

function driftWithout({ context, installed, held }: ConflictSubject): Drift {
  return computeDrift({ ...context, installed, held });
}
