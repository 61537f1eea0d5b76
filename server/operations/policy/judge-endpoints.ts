// Drift, policy and conflicts of the endpoints of one pool, one after the other. What many share is computed once: a judge
// of packages per own view and rules, and the conflicts of equal endpoints.
import { computeDrift, type DriftContext } from "../../../domain/drift/compute-drift.ts";
import type { DriftCounts } from "../../../domain/drift/drift.ts";
import { type DriftJudge, makeDriftJudge, makePackageTable } from "../../../domain/drift/drift-table.ts";
import type { PackageSet } from "../../../domain/package-set/package-set.ts";
import type { KeptPackage } from "../../../domain/policy/policy.ts";
import {
  type Decision,
  keptByConflict,
  type ResolvedConflict,
  undecidedNames,
} from "../../../domain/policy/resolve-conflicts.ts";
import { type NamedPolicy, namePolicy, ownWithNeeds } from "../../../domain/policy/resolve-policy.ts";
import { type Target, targetForClass } from "../../../domain/target/target.ts";
import type { Content, Query } from "../content.ts";
import { driftContext } from "../drift-context.ts";
import type { BaseRow } from "./base-builds.ts";
import { endpointConflicts } from "./endpoint-conflicts.ts";
import {
  makePolicy,
  type Patterns,
  type PoolPolicyRow,
  patternsFor,
  type RulePattern,
  type StoredPolicy,
  sealPolicy,
} from "./endpoint-policies.ts";

/** The row of an endpoint with that of its pool. */
export interface JudgedRow extends PoolPolicyRow, BaseRow {
  readonly package_set_digest: string | null;
  readonly view_digest: string | null;
  readonly held: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly decisions: readonly Decision[];
}

export interface JudgedEndpoint {
  /** Undefined when a side of the comparison is not there. */
  readonly counts: DriftCounts | undefined;
  readonly undecided: readonly string[];
  readonly stored: StoredPolicy;
}

export interface JudgeOptions {
  readonly content: Content;
  readonly sql: Query;
  /** That may concern endpoints of the pool. */
  readonly rules: readonly RulePattern[];
  readonly target: Target | undefined;
  /** More than one endpoint: packages that they share are worth a table. */
  readonly isFleet: boolean;
}

export interface EndpointJudge {
  readonly judge: (row: JudgedRow) => Promise<JudgedEndpoint>;
  /** Installed names that do not move: by rule, by the machine itself, or in a conflict. */
  readonly frozen: (row: JudgedRow, keep: readonly KeptPackage[]) => Promise<readonly string[]>;
}

export function makeEndpointJudge(options: JudgeOptions): EndpointJudge {
  const groups = makeGroups(options);
  return { judge: makeJudge(options, groups), frozen: makeFreezer(options, groups) };
}

function makeFreezer({ content, sql, rules }: JudgeOptions, groups: Groups): EndpointJudge["frozen"] {
  return async (row, keep) => {
    const patterns = patternsFor(rules, row);
    const names = new Set([...row.held, ...keep.map((one) => one.name)]);
    const hasRules = patterns.holds.length + patterns.foreigns.length > 0;
    if ((names.size === 0 && !hasRules) || row.package_set_digest === null) return [];
    const policy = hasRules ? (await groups(row, patterns))?.policy : undefined;
    const { packages } = await content.packageSet(sql, row.package_set_digest);
    const isFrozen = (name: string): boolean =>
      names.has(name) || policy?.held.has(name) === true || policy?.foreign.has(name) === true;
    return packages.map((one) => one.name).filter(isFrozen);
  };
}

function makeJudge(options: JudgeOptions, groups: Groups): EndpointJudge["judge"] {
  const { content, sql, rules, target } = options;
  const conflicts = new Map<string, readonly ResolvedConflict[]>();
  return async (row) => {
    const patterns = patternsFor(rules, row);
    const group = await groups(row, patterns);
    if (group === undefined || target === undefined || row.package_set_digest === null) {
      return { counts: undefined, undecided: [], stored: sealPolicy(makePolicy(row, patterns, [])) };
    }
    const installed = await content.packageSet(sql, row.package_set_digest);
    const held = new Set(row.held);
    const counts = group.count(installed, held);
    if (!mayConflict(row, counts, target)) {
      return { counts, undecided: [], stored: sealPolicy(makePolicy(row, patterns, [])) };
    }
    const key = conflictKey(row, patterns, target);
    const resolved =
      conflicts.get(key) ??
      (await endpointConflicts(content, sql, {
        base: row,
        installed,
        held,
        context: group.contextFor(installed),
        targetRevision: target.revision,
        mode: row.conflicts,
        decisions: row.decisions,
      }));
    conflicts.set(key, resolved);
    const decided = resolved.filter((one) => one.take === "current").map((one) => one.name);
    return {
      counts: decided.length === 0 ? counts : group.count(installed, new Set([...held, ...decided])),
      undecided: undecidedNames(resolved),
      stored: sealPolicy(makePolicy(row, patterns, keptByConflict(resolved))),
    };
  };
}

/** Where every conflict goes to the target nothing has to be known of them. */
function mayConflict(row: JudgedRow, counts: DriftCounts, target: Target): boolean {
  if (counts.older + counts.newer + counts.rebuilt === 0) return false;
  return row.conflicts !== "use-target" || row.decisions.some((one) => one.targetRevision === target.revision);
}

/** Equal for endpoints whose conflicts are equal. */
function conflictKey(row: JudgedRow, patterns: Patterns, target: Target): string {
  const decisions = row.decisions.filter((one) => one.targetRevision === target.revision);
  const { package_set_digest: set, view_digest: view, base_revision: base, base_carried: carried, held } = row;
  return JSON.stringify([set, view, base, carried, held, patterns, decisions]);
}

/** Endpoints with the same own view and the same rules. */
interface Group {
  /** Undefined without rules. */
  readonly policy: NamedPolicy | undefined;
  readonly count: (installed: PackageSet, held: ReadonlySet<string>) => DriftCounts;
  readonly contextFor: (installed: PackageSet) => DriftContext;
}

type Groups = (row: JudgedRow, patterns: Patterns) => Promise<Group | undefined>;

function makeGroups({ content, sql, target, isFleet }: JudgeOptions): Groups {
  const table = makePackageTable();
  const known = new Map<string, Group | undefined>();
  const load = async (row: JudgedRow, patterns: Patterns): Promise<Group | undefined> => {
    // A class that is not known yet has no target: nothing is guessed.
    const own = target === undefined ? undefined : targetForClass(target, row.class ?? "");
    if (own === undefined || row.view_digest === null) return undefined;
    const bare = await driftContext(content, sql, row.view_digest, own);
    if (bare === undefined) return undefined;
    const context: DriftContext = hasPatterns(patterns) ? { ...bare, policy: namePolicy(patterns, bare) } : bare;
    const contextFor = (installed: PackageSet): DriftContext => withNeeds(context, patterns, installed);
    if (!isFleet || isPersonal(context, patterns)) {
      return {
        policy: context.policy,
        contextFor,
        count: (installed, held) => computeDrift({ ...contextFor(installed), installed, held }).counts,
      };
    }
    const judge: DriftJudge = makeDriftJudge(table, context);
    const { policy } = context;
    return { policy, contextFor, count: (installed, held) => judge.count(table.intern(installed), held) };
  };
  return async (row, patterns) => {
    const key = `${row.view_digest ?? ""} ${hasPatterns(patterns) ? JSON.stringify(patterns) : ""}`;
    if (!known.has(key)) known.set(key, await load(row, patterns));
    return known.get(key);
  };
}

function hasPatterns({ holds, shares, owns, foreigns }: Patterns): boolean {
  return holds.length + shares.length + owns.length + foreigns.length > 0;
}

/** What own packages of a mirror need stays with them, and that depends on what else is installed. */
function isPersonal({ target }: DriftContext, { owns, shares }: Patterns): boolean {
  return target.mode === "mirror" && owns.length + shares.length > 0;
}

function withNeeds(context: DriftContext, patterns: Patterns, installed: PackageSet): DriftContext {
  const { policy } = context;
  if (policy === undefined || !isPersonal(context, patterns)) return context;
  return { ...context, policy: { ...policy, own: ownWithNeeds(policy, installed, context) } };
}
