// Lives through one world on a real root with real pacman: sync to the target, a second plan, the way back. Answers with what
// is not as it must be; an empty answer means that every promise was kept.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openInstallationReader } from "../../../agent/installation.ts";
import type { DeliveredTarget, PlanAnswer } from "../../../agent/machine.ts";
import { databaseFileOf, sha256Of } from "../../../agent/pacman/sync-databases.ts";
import { packageSetDigest } from "../../../domain/package-set/canonical.ts";
import { makePackageSet } from "../../../domain/package-set/package-set.ts";
import type { Plan } from "../../../domain/plan/plan.ts";
import { openEndpoint, type TestEndpoint, targetFrom } from "../../support/endpoint.ts";
import { buildPackage, defaultBuildDate } from "../../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot } from "../../support/pacman-root.ts";
import { openRepository, type Repository } from "../../support/repository.ts";
import { checkFiles, checkLibraries, checkUnchanged } from "./checks.ts";
import { editOf, type World } from "./draw-world.ts";
import { type MachineState, readMachine } from "./machine-state.ts";

export interface Life {
  readonly world: World;
  /** Refused when planned, refused when executed (nothing changed), or synced. */
  readonly end: "refused" | "stopped" | "synced";
  readonly isReverted: boolean;
  /** Of the refusal or of the outcome. */
  readonly words: readonly string[];
  readonly problems: readonly string[];
}

export async function liveWorld(world: World): Promise<Life> {
  const folder = mkdtempSync(join(tmpdir(), `pacpool-world-${world.seed}-`));
  try {
    const repositories = await openRepositories(world, folder);
    await using root = await openMachine(world, repositories);
    using endpoint = openEndpoint(root);
    const target = await publishTarget(world, repositories, folder);
    return await live({ world, root, endpoint, target, repositories });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openRepositories(world: World, folder: string): Promise<readonly Repository[]> {
  const open = (name: "core" | "extra"): Promise<Repository> => {
    const packages = world.before.filter(({ repository }) => repository === name);
    return openRepository({ directory: join(folder, name), name, packages });
  };
  return [await open("core"), await open("extra")];
}

async function openMachine(world: World, repositories: readonly Repository[]): Promise<PacmanRoot> {
  const { installed, foreign, held, edited, stray } = world;
  const settings = held.length === 0 ? [] : [`IgnorePkg = ${held.join(" ")}`];
  const reasons = installed.length === 0 ? {} : { explicit: world.explicit };
  const root = await openPacmanRoot({ repositories, installed, ...reasons, settings });
  if (foreign.length > 0) await root.installFiles(...foreign);
  for (const path of edited) writeFileSync(join(root.rootDir, path), editOf(path));
  if (stray !== "") {
    mkdirSync(dirname(join(root.rootDir, stray)), { recursive: true });
    writeFileSync(join(root.rootDir, stray), "nobody's\n");
  }
  // A mirror overwrites the file of a rebuilt package: only caches still have the build before.
  for (const recipe of world.before.filter(({ name }) => installed.includes(name))) {
    const isRebuilt = world.after.some(({ name, version }) => name === recipe.name && version === recipe.version);
    if (!isRebuilt && world.forgets !== "before") continue;
    const { fileName, bytes } = await buildPackage(recipe);
    writeFileSync(join(root.cacheDir, fileName), bytes);
  }
  return root;
}

async function publishTarget(
  world: World,
  repositories: readonly Repository[],
  folder: string,
): Promise<DeliveredTarget> {
  for (const repository of repositories) {
    const packages = world.after.filter((one) => one.repository === repository.name);
    await repository.publish(packages, { dropOldFiles: world.forgets === "before" });
  }
  await using source = await openPacmanRoot({ repositories });
  const { mode, shared, pins, policy } = world;
  const bare = await targetFrom(source, join(folder, "views"), { mode, shared, pins });
  const set = makePackageSet(
    world.source.map(({ recipe, isExplicit }) => ({
      name: recipe.name,
      version: recipe.version,
      architecture: recipe.architecture ?? "any",
      buildDate: recipe.buildDate ?? defaultBuildDate,
      reason: isExplicit ? ("explicit" as const) : ("dependency" as const),
    })),
  );
  const target = { ...bare.target, packageSetDigest: packageSetDigest(set, sha256Of) };
  return { ...bare, policy, target, mirror: mode === "mirror" ? set : undefined };
}

interface Scene {
  readonly world: World;
  readonly root: PacmanRoot;
  readonly endpoint: TestEndpoint;
  readonly target: DeliveredTarget;
  readonly repositories: readonly Repository[];
}

async function live(scene: Scene): Promise<Life> {
  const { world, root, endpoint, target } = scene;
  const first = readMachine(root);
  const answer = await endpoint.plan(target);
  if (answer.kind === "refusal") {
    const { reason, message, details } = answer.refusal;
    const words = [`${reason}: ${message}`, ...details];
    const unneeded = world.isReachable ? ["refused, although nothing stands in the way"] : [];
    const mute = details.length === 0 ? ["refused without a detail"] : [];
    const problems = [...unneeded, ...mute, ...checkUnchanged(first, readMachine(root))];
    return { world, end: "refused", isReverted: false, words, problems };
  }
  const { plan } = answer;
  const outcome = await endpoint.execute(plan);
  const now = readMachine(root);
  if (outcome.state === "failed" || outcome.state === "refused") {
    const unneeded = world.isReachable ? ["stopped, although nothing stands in the way"] : [];
    const problems = [...unneeded, ...checkUnchanged(first, now)];
    return { world, end: "stopped", isReverted: false, words: outcome.problems, problems };
  }
  const problems = [
    ...(await checkSynced(scene, plan, first, now)),
    ...checkLibraries(outcome.problems, plan.warnings, [...world.after, ...world.before, ...world.foreign]),
    ...checkSecondPlan(await endpoint.plan(target)),
  ];
  if (plan.baseDigest === plan.afterDigest) {
    return { world, end: "synced", isReverted: false, words: outcome.problems, problems };
  }
  const back = await revert(scene, first, plan);
  return {
    world,
    end: "synced",
    isReverted: true,
    words: [...outcome.problems, ...back.words],
    problems: [...problems, ...back.problems],
  };
}

async function checkSynced(
  scene: Scene,
  plan: Plan,
  first: MachineState,
  now: MachineState,
): Promise<readonly string[]> {
  const { world, root, target } = scene;
  const wanted = packageSetDigest(target.mirror ?? makePackageSet([]), sha256Of);
  const isExact = world.mode === "mirror" && world.isReachable && world.foreign.length === 0;
  return [
    ...(now.digest === plan.afterDigest ? [] : ["the packages are not those of the plan"]),
    ...(isExact && now.digest !== wanted ? ["the mirror is not the source's set"] : []),
    ...(world.mode === "versions" ? checkVersions(world, now) : []),
    ...(await root.complaints()).map((line) => `pacman -Dk: ${line}`),
    ...checkFiles(world, now),
    ...(now.installedBytes - first.installedBytes === plan.installedDeltaBytes ? [] : ["the plan's size is wrong"]),
    ...(await checkDatabases(scene)),
  ];
}

/** Whatever the target's repositories have is installed in their version. */
function checkVersions({ after, held, foreign, pins, policy }: World, now: MachineState): readonly string[] {
  return now.packages.flatMap((line) => {
    const [name = "", version, buildDate] = line.split(" ");
    const offered = after.find((one) => one.name === name);
    const isPinned = pins[name] !== undefined && pins[name] !== offered?.version;
    if (isPinned)
      return pins[name] === version || held.includes(name) || policy.holds.includes(name)
        ? []
        : [`${name} is not as the target pins it`];
    const stays = held.includes(name) || policy.holds.includes(name) || foreign.some((one) => one.name === name);
    if (offered === undefined || stays) return [];
    const isThat = offered.version === version && String(offered.buildDate) === buildDate;
    return isThat ? [] : [`${name} is ${version} of ${buildDate} instead of ${offered.version}`];
  });
}

async function checkDatabases({ root, target }: Scene): Promise<readonly string[]> {
  const { own } = await openInstallationReader(root.configFile).read();
  const isTarget = own.view.databases.every(
    ({ sha256 }, index) => sha256 === target.target.view.databases[index]?.sha256,
  );
  return isTarget ? [] : [`${databaseFileOf(root.dbPath, "core")} and the others are not the target's`];
}

function checkSecondPlan(answer: PlanAnswer): readonly string[] {
  if (answer.kind === "refusal") {
    const { reason, details } = answer.refusal;
    return [`a second plan is refused: ${reason} ${details.join("; ")}`];
  }
  const { steps, reasons } = answer.plan;
  return [
    ...steps.map(({ action, name }) => `a second plan would ${action} ${name}`),
    ...reasons.map(({ name, reason }) => `a second plan would make ${name} ${reason}`),
  ];
}

async function revert(scene: Scene, first: MachineState, plan: Plan): Promise<Pick<Life, "words" | "problems">> {
  const { world, root, endpoint, repositories } = scene;
  if (world.forgets === "after") {
    for (const repository of repositories) {
      await repository.publish(
        world.after.filter((one) => one.repository === repository.name),
        { dropOldFiles: true },
      );
    }
  }
  const synced = readMachine(root);
  const answer = await endpoint.planRevert();
  if (answer.kind === "refusal") {
    const words = [`${answer.refusal.reason}: ${answer.refusal.message}`, ...answer.refusal.details];
    const isTold = plan.warnings.some((line) => line.startsWith("there is no way back"));
    const unneeded = isTold ? [] : [`the way back is refused: ${words.join("; ")}`];
    return { words, problems: [...unneeded, ...checkUnchanged(synced, readMachine(root))] };
  }
  const outcome = await endpoint.execute(answer.plan);
  const now = readMachine(root);
  // pacman gives up no folder in which others have files, in neither direction: said as such, and nothing changed.
  if (world.turnsFolders && outcome.problems.some((line) => line.includes("pacman replaces it only when"))) {
    return { words: outcome.problems, problems: checkUnchanged(synced, now) };
  }
  const known = new Set(outcome.problems.filter((line) => line.includes("needs the library")));
  const others = outcome.problems.filter((line) => !known.has(line));
  return {
    words: outcome.problems,
    problems: [
      ...(outcome.state === "succeeded" || outcome.state === "degraded"
        ? others
        : [`the way back ${outcome.state}: ${outcome.problems.join("; ")}`]),
      ...(now.digest === first.digest ? [] : [`the way back ends elsewhere: ${difference(first, now)}`]),
      ...checkFiles(world, now).map((line) => `after the way back: ${line}`),
      ...checkReturned(world, first, now),
    ],
  };
}

function difference(first: MachineState, now: MachineState): string {
  const lost = first.packages.filter((line) => !now.packages.includes(line));
  const found = now.packages.filter((line) => !first.packages.includes(line));
  return `without ${lost.join(", ") || "nothing"}, with ${found.join(", ") || "nothing"}`;
}

/** Every file as it was; what the owner had edited, or changed its package, is at least beside its place. */
function checkReturned({ edited }: World, first: MachineState, now: MachineState): readonly string[] {
  const paths = new Set([...first.files.keys(), ...now.files.keys()]);
  return [...paths].flatMap((path) => {
    const wanted = first.files.get(path);
    if (edited.includes(path) || wanted === now.files.get(path) || wanted === now.besides.get(`${path}.pacnew`))
      return [];
    return [`/${path} is not as it was before`];
  });
}
