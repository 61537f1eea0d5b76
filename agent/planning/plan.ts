// Computes what an endpoint would do: wish, pacman's simulation of it, the verdict, and whether its files can be had.
// Changes nothing but pacpool's own state folder. DESIGN: a plan that cannot be done is refused here, with the reason.
import { packageSetDigest } from "../../domain/package-set/canonical.ts";
import { isSameBuild, pairPackages } from "../../domain/package-set/delta.ts";
import type { InstalledPackage } from "../../domain/package-set/package-set.ts";
import { computeClosure } from "../../domain/plan/closure.ts";
import { compareSimulation, type SimulationVerdict } from "../../domain/plan/compare-simulation.ts";
import { makeGuard } from "../../domain/plan/guard.ts";
import { type Plan, sealPlan } from "../../domain/plan/plan.ts";
import type { WishedPackage } from "../../domain/plan/wish.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { ViewIndex } from "../../domain/view/view-index.ts";
import { type DatabaseStore, openDatabaseStore } from "../database-store.ts";
import { earlierFoldersOf } from "../earlier-attempts.ts";
import type { FileAccess, FileSurroundings } from "../files/file-source.ts";
import { type Located, locateFiles } from "../files/locate-files.ts";
import { readHistory } from "../history.ts";
import { runningKernelPackage } from "../host/kernel.ts";
import type { Installation, InstallationReader } from "../installation.ts";
import type { PlanAnswer, PlanQuestion, PlanRefusal } from "../machine.ts";
import type { LocalDatabase } from "../pacman/local-database.ts";
import { indexDatabases, sha256Of } from "../pacman/sync-databases.ts";
import { readFor, repairOf, wishRepaired } from "../repair.ts";
import { keptPackagesDirOf, scratchDirOf } from "../state-folders.ts";
import { openFreshTarget } from "./fresh-target.ts";
import { keepPlan } from "./keep-plan.ts";
import { openPackageFinder, type PackageFinder } from "./package-finder.ts";
import { findBlockers } from "./plan-blockers.ts";
import { findGoal, type Goal } from "./plan-goal.ts";
import {
  adviseRepair,
  differingRefusal,
  downgradeRefusal,
  healthRefusal,
  missingRefusal,
  pacmanRefusal,
  unknownRefusal,
} from "./plan-refusals.ts";
import { gatherWarnings } from "./plan-warnings.ts";
import { planWayBack } from "./plan-way-back.ts";
import { findRecipe } from "./recipe.ts";

export interface PlannerOptions {
  readonly reader: InstallationReader;
  readonly stateDir: string;
  readonly endpointId: string;
  /** Absent: the machine works alone. */
  readonly access?: FileAccess;
}

/** Answers with a plan that is on disk with all that its execution needs, or with a refusal. Throws Refusal and defects. */
export async function computePlan(
  options: PlannerOptions,
  question: PlanQuestion,
  signal: AbortSignal,
): Promise<PlanAnswer> {
  const { installation, torn, baseDigest } = await readFor(question, options);
  const refuse = (refusal: PlanRefusal): PlanAnswer => {
    return { kind: "refusal", baseDigest, refusal: torn.length === 0 ? refusal : adviseRepair(refusal, installation) };
  };
  const unhealthy = healthRefusal(installation);
  if (unhealthy !== undefined) return refuse(unhealthy);
  const store = openDatabaseStore(options.stateDir);
  using fresh =
    question.update === true
      ? await openFreshTarget(installation, question.delivered, options.reader.cache, signal)
      : undefined;
  const asked = fresh === undefined ? question : { ...question, delivered: fresh.delivered };
  const found = findGoal(asked, installation, { ...options, store });
  const goal = { ...found, wish: wishRepaired(found.wish, torn) };
  const surroundings = surroundingsOf(options, installation, signal);
  const earlier = earlierViews(options, store);
  const views = [() => goal.index, () => installation.own.index, ...earlier];
  const finder = openPackageFinder({ views, files: surroundings });
  const wished = await resolveWish(goal.wish.set, finder);
  if (wished.unknown.length > 0) return refuse(unknownRefusal(wished.unknown, finder.lookedFor));

  const removals = goal.wish.remove.map(({ name }) => name).filter((name) => installation.local.packages.has(name));
  const outcome = await simulateWish({ installation, goal, targets: wished.found, removals, options, signal });
  if (outcome.kind === "refused") return refuse(outcome.refusal);
  const changed = changedPackages(installation.local, outcome.after);
  const files = resolveChanges(changed, [...wished.found, ...outcome.candidates]);
  const located = await locateFiles(files, surroundings);
  const verdict = judge(installation, goal, outcome.after, located);
  if (verdict.kind === "refused") {
    const changing = { installation, goal, targets: wished.found, candidates: outcome.candidates };
    return refuse(differingRefusal(verdict, findBlockers(changing)));
  }
  const impossible = impossibilityOf(goal, verdict.steps, located, installation);
  if (impossible !== undefined) return refuse(impossible);

  const wayBack = await planWayBack(installation, verdict.after, earlier, surroundings);
  const { leftAlone } = goal.wish;
  const told = await gatherWarnings({ ...verdict, installation, leftAlone, index: goal.index, files }, surroundings);
  const warnings = [...told, ...wayBack.warnings];
  const plan = seal(options, installation, goal, { ...verdict, warnings }, baseDigest, files);
  await keepPlan(options.stateDir, store, goal, {
    plan,
    before: installation.local.set,
    after: verdict.after,
    packages: files,
    wayBack: wayBack.items,
    databases: goal.databases,
    revertsOperationId: goal.revertsOperationId,
    ...repairOf(question, torn),
  });
  return { kind: "plan", plan };
}

/** What pacman would do, and yet is not to be done or cannot be. */
function impossibilityOf(
  { refusesDowngrades }: Goal,
  steps: Plan["steps"],
  { missing }: Located,
  installation: Installation,
): PlanRefusal | undefined {
  const downgrades = refusesDowngrades === true ? downgradeRefusal(steps) : undefined;
  return downgrades ?? (missing.length > 0 ? missingRefusal(missing, installation) : undefined);
}

function surroundingsOf(
  { stateDir, access }: PlannerOptions,
  { configuration }: Installation,
  signal: AbortSignal,
): FileSurroundings {
  const keptDir = keptPackagesDirOf(stateDir);
  const earlierDirs = earlierFoldersOf(stateDir);
  return { configuration, keptDir, earlierDirs, signal, ...(access === undefined ? {} : { access }) };
}

/** The newest first. */
function earlierViews({ stateDir, reader }: PlannerOptions, store: DatabaseStore): readonly (() => ViewIndex)[] {
  return readHistory(stateDir)
    .toReversed()
    .map(
      ({ databases }) =>
        (): ViewIndex =>
          indexDatabases(databases, ({ sha256 }) => store.path(sha256), reader.cache),
    );
}

async function resolveWish(
  wished: readonly WishedPackage[],
  finder: PackageFinder,
): Promise<{ readonly found: readonly SyncPackage[]; readonly unknown: readonly WishedPackage[] }> {
  const found: SyncPackage[] = [];
  const unknown: WishedPackage[] = [];
  for (const one of wished) {
    const item = await finder.find(one);
    if (item === undefined) unknown.push(one);
    else found.push(item);
  }
  return { found, unknown };
}

interface SimulationTask {
  readonly installation: Installation;
  readonly goal: Goal;
  readonly targets: readonly SyncPackage[];
  readonly removals: readonly string[];
  readonly options: PlannerOptions;
  readonly signal: AbortSignal;
}

type SimulatedWish =
  | { readonly kind: "result"; readonly after: LocalDatabase; readonly candidates: readonly SyncPackage[] }
  | { readonly kind: "refused"; readonly refusal: PlanRefusal };

async function simulateWish({
  installation,
  goal,
  targets,
  removals,
  options,
  signal,
}: SimulationTask): Promise<SimulatedWish> {
  const { local, configuration } = installation;
  // Reasons alone need no transaction.
  if (targets.length === 0 && removals.length === 0) return { kind: "result", after: local, candidates: [] };
  const changing = new Set([...removals, ...targets.map(({ name }) => name)]);
  const staying = [...local.packages.values()].filter(({ name }) => !changing.has(name));
  const candidates = computeClosure({ view: goal.index, wished: targets, staying });
  const scratchDir = scratchDirOf(options.stateDir);
  const wanted = { targets, removals, overwrite: [] };
  const { simulation } = await findRecipe(local, wanted, { configuration, scratchDir, candidates, signal });
  if (simulation.kind === "result") return { kind: "result", after: simulation.after, candidates };
  const blocked = findBlockers({ installation, goal, targets, candidates });
  return { kind: "refused", refusal: pacmanRefusal(simulation.complaints, blocked) };
}

function changedPackages(before: LocalDatabase, after: LocalDatabase): readonly InstalledPackage[] {
  return [...pairPackages(before.set, after.set)].flatMap(({ before: old, after: now }) =>
    now === undefined || (old !== undefined && isSameBuild(old, now)) ? [] : [now],
  );
}

/** The simulation can only have installed what its databases held. */
function resolveChanges(changed: readonly InstalledPackage[], offered: readonly SyncPackage[]): readonly SyncPackage[] {
  const byName = new Map(offered.map((one) => [one.name, one]));
  return changed.map(({ name, version }) => {
    const found = byName.get(name);
    if (found?.version !== version)
      throw new Error(`the simulation installed ${name} ${version}, which it was not offered`);
    return found;
  });
}

function judge(installation: Installation, goal: Goal, after: LocalDatabase, located: Located): SimulationVerdict {
  const { local, configuration } = installation;
  const sources = new Map([
    ...located.missing.map(({ item }) => [item.name, { repository: item.repository, compressedSize: 0 }] as const),
    ...located.found.map(
      ({ item, downloadBytes }) => [item.name, { repository: item.repository, compressedSize: downloadBytes }] as const,
    ),
  ]);
  return compareSimulation({
    before: local.set,
    after: after.set,
    wish: goal.wish,
    exact: goal.exact,
    ...(goal.remaining === undefined ? {} : { remaining: goal.remaining }),
    metadataBefore: local.packages,
    metadataAfter: after.packages,
    source: ({ name }) => sources.get(name),
    guard: makeGuard({
      holdPackages: configuration.heldPackages,
      kernelPackage: runningKernelPackage(configuration.rootDir),
      runtimePackages: runtimePackages(installation),
    }),
  });
}

/** Node when it is the machine's own package and not the one that pacpool brought. */
function runtimePackages({ configuration, local }: Installation): readonly string[] {
  if (configuration.rootDir !== "/" || !process.execPath.startsWith("/usr/bin/")) return [];
  return [...local.packages.keys()].filter((name) => /^nodejs(-lts-\w+)?$/.test(name));
}

function seal(
  options: PlannerOptions,
  installation: Installation,
  goal: Goal,
  verdict: Extract<SimulationVerdict, { readonly kind: "agreed" }> & { readonly warnings: readonly string[] },
  baseDigest: string,
  files: readonly SyncPackage[],
): Plan {
  const sizes = new Map(files.map(({ name, installedSize }) => [name, installedSize]));
  const { steps, reasons, downloadBytes } = verdict;
  const sizeBefore = (name: string): number => installation.local.packages.get(name)?.installedSize ?? 0;
  return sealPlan(
    {
      endpointId: options.endpointId,
      baseDigest,
      afterDigest: packageSetDigest(verdict.after, sha256Of),
      targetRevision: goal.targetRevision,
      isRevert: goal.isRevert,
      steps,
      reasons,
      warnings: verdict.warnings,
      leftAlone: goal.wish.leftAlone,
      downloadBytes,
      installedDeltaBytes: steps.reduce((sum, { name }) => sum + (sizes.get(name) ?? 0) - sizeBefore(name), 0),
    },
    sha256Of,
  );
}
