// The first steps, before anything on the machine changes: the plan still fits, the machine is healthy, every file is here
// and verified. Every no leaves the machine as it was.
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { packageSetDigest } from "../../domain/package-set/canonical.ts";
import { isSameBuild, pairPackages } from "../../domain/package-set/delta.ts";
import { findInstalled, type PackageSet } from "../../domain/package-set/package-set.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { type FetchProgress, fetchFiles } from "../files/fetch-files.ts";
import { keepWayBack } from "../files/way-back.ts";
import type { Installation } from "../installation.ts";
import { type Interruption, readInterruption } from "../interruption.ts";
import { artifactsDirOf, beginStep, checkStop, filesOf, type Operation, refused, tell } from "../operation.ts";
import type { PacmanConfiguration } from "../pacman/configuration.ts";
import { inspectLock, lockFileOf } from "../pacman/lock.ts";
import { sha256Of } from "../pacman/sync-databases.ts";
import { withoutNames } from "../repair.ts";
import { setAside } from "../set-aside.ts";

/** What is to be done now, which after a kill is less or more than the plan says. */
export interface Task {
  readonly installation: Installation;
  readonly targets: readonly SyncPackage[];
  readonly removals: readonly string[];
  /** Left by a kill; undefined on a machine that is whole. */
  readonly interruption: Interruption | undefined;
}

/** Another pacman is waited for so long; a person's -Syu with its questions takes minutes. */
const lockLimitMs = 10 * 60_000;

/** Steps 1 and 2. Throws OperationEnd. */
export async function checkPlan(operation: Operation): Promise<Task> {
  const { prepared } = operation;
  beginStep(operation, "check", "checking that the plan still fits");
  await waitForLock(operation);
  const task = await readTask(operation);
  const { installation, interruption } = task;
  const isResumed = interruption?.planDigest === prepared.plan.digest;
  const digest = packageSetDigest(installation.local.set, sha256Of);
  // Without what is torn; the plan's own base is the set as the server knows it.
  const base = prepared.repair === undefined ? prepared.plan.baseDigest : packageSetDigest(prepared.before, sha256Of);
  if (digest !== base && digest !== prepared.plan.afterDigest) {
    const strangers = isResumed ? changesBesides(installation.local.set, prepared.before, prepared.after) : [];
    if (!isResumed || strangers.length > 0) {
      throw refused(
        "packages of this machine changed since the plan was made; ask for a new plan",
        ...strangers.map((name) => `${name} is neither as before nor as planned`),
      );
    }
  }
  beginStep(operation, "health", "checking the machine's package database");
  const { torn } = installation.local;
  if (torn.length > 0) {
    throw refused(
      ...torn.map(({ entry, why }) => `${entry} in pacman's database is torn (${why}); run pacpool operation repair`),
    );
  }
  return task;
}

/** Looks at the machine and at what an earlier attempt has done already. */
export async function readTask(operation: Operation): Promise<Task> {
  const { prepared, options } = operation;
  const installation = withoutNames(await options.reader.read(), prepared.repair?.names ?? []);
  const interruption = readInterruption(options.stateDir);
  const isResumed = interruption?.planDigest === prepared.plan.digest;
  return { installation, interruption, ...remainingOf(operation, installation, isResumed) };
}

/** After a kill all of the plan's packages are installed again: hooks and scriptlets of those done may not have run. */
function remainingOf(
  { prepared }: Operation,
  { local }: Installation,
  isResumed: boolean,
): Pick<Task, "targets" | "removals"> {
  const isDone = ({ name }: SyncPackage): boolean => {
    const wanted = findInstalled(prepared.after, name);
    const now = findInstalled(local.set, name);
    return wanted !== undefined && now !== undefined && isSameBuild(wanted, now);
  };
  return {
    targets: isResumed ? prepared.packages : prepared.packages.filter((item) => !isDone(item)),
    removals: prepared.plan.steps
      .filter(({ action, name }) => action === "remove" && local.packages.has(name))
      .map(({ name }) => name),
  };
}

/** Names that are neither as before the plan nor as it wants them. */
function changesBesides(now: PackageSet, before: PackageSet, after: PackageSet): readonly string[] {
  return [...pairPackages(before, now)].flatMap(({ before: old, after: present }) => {
    const name = old?.name ?? present?.name ?? "";
    if (old !== undefined && present !== undefined && isSameBuild(old, present)) return [];
    const wanted = findInstalled(after, name);
    // A kill may leave a package in neither state: gone, and not there yet.
    if (present === undefined)
      return wanted === undefined || old === undefined || !isSameBuild(old, wanted) ? [] : [name];
    return wanted !== undefined && isSameBuild(wanted, present) ? [] : [name];
  });
}

/** Somebody else's pacman is waited for; a lock without holder that no journal of ours names is for a person. */
async function waitForLock(operation: Operation): Promise<void> {
  const { configuration } = await operation.options.reader.read();
  const limit = Date.now() + lockLimitMs;
  for (;;) {
    checkStop(operation);
    const lock = inspectLock(configuration.dbPath);
    if (lock.kind === "free") return;
    if (lock.kind === "stale") {
      if (operation.prepared.repair !== undefined) return setAsideLock(operation, configuration);
      throw refused(
        `${configuration.dbPath}/db.lck is there and nobody holds it: a pacman that was not ours was killed; run pacpool operation repair, or check the machine and delete it`,
      );
    }
    if (Date.now() > limit)
      throw refused(`process ${lock.pid} (${lock.command}) holds pacman's lock for minutes; try again later`);
    tell(operation, "check", 0, `waiting for process ${lock.pid} (${lock.command})`);
    await delay(200, undefined, {
      signal: AbortSignal.any([operation.hooks.stopped, operation.hooks.cancelled]),
    }).catch(() => undefined);
  }
}

/** A person asked for repair, and nobody holds it. */
function setAsideLock({ journal }: Operation, { dbPath }: PacmanConfiguration): void {
  setAside(lockFileOf(dbPath), join(journal.directory, `db.lck.${Date.now()}`));
}

/** Step 3: every file in one folder, by size, SHA-256 and with its signature; then those of the way back, best effort. */
export async function fetchArtifacts(operation: Operation, task: Task): Promise<void> {
  const { targets, installation } = task;
  beginStep(operation, "fetch", `getting ${targets.length} package files`);
  const files = filesOf(operation, installation.configuration);
  try {
    const { missing } = await fetchFiles(targets, artifactsDirOf(operation), {
      ...files,
      onProgress: (progress) => tell(operation, "fetch", doneOf(progress), progressSentence(progress)),
    });
    if (missing.length > 0) {
      throw refused(...missing.map(({ item, lookedFor }) => `${item.filename} cannot be had: ${lookedFor.join("; ")}`));
    }
    const wayBack = operation.prepared.wayBack ?? [];
    if (wayBack.length > 0) tell(operation, "fetch", 1, `keeping ${wayBack.length} package files for the way back`);
    await keepWayBack(wayBack, files);
  } catch (cause) {
    checkStop(operation);
    throw cause;
  }
  checkStop(operation);
}

function doneOf({ bytes, totalBytes, files, totalFiles }: FetchProgress): number {
  return totalBytes > 0 ? bytes / totalBytes : files / Math.max(1, totalFiles);
}

function progressSentence({ bytes, totalBytes, files, totalFiles }: FetchProgress): string {
  const mebibytes = (count: number): string => (count / 1024 / 1024).toFixed(1);
  return `${files} of ${totalFiles} package files, ${mebibytes(bytes)} of ${mebibytes(totalBytes)} MiB`;
}

/** Versions and builds; reasons are set after the transaction. */
export function buildDifferences(now: PackageSet, wanted: PackageSet): readonly string[] {
  return [...pairPackages(now, wanted)].flatMap(({ before: present, after: one }) => {
    if (one === undefined) return [`${present?.name ?? ""} ${present?.version ?? ""} is left over`];
    if (present === undefined) return [`${one.name} ${one.version} is missing`];
    if (isSameBuild(present, one)) return [];
    return [
      present.version === one.version
        ? `${one.name} ${one.version} is another build than planned`
        : `${one.name} is ${present.version} instead of ${one.version}`,
    ];
  });
}
