// Step 5, the last look before something changes: room, mounts that are there and can be written, a clock that can be right.
// Each no leaves the machine as it was and says what to do.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Plan, PlanStep } from "../../domain/plan/plan.ts";
import { touchesBoot } from "../../domain/plan/warnings.ts";
import { type Mount, mountOf, readMounts, wantedMounts } from "../host/mounts.ts";
import { spaceProblem } from "../host/space.ts";
import { beginStep, type Operation, refused } from "../operation.ts";

/** Where packages put files. Others (/home, /run, /proc) are none of theirs. */
const WRITTEN = ["", "usr", "etc", "var", "opt", "boot", "efi", "boot/efi", "srv", "usr/lib", "usr/share"];
const BOOT_FOLDERS = ["boot", "efi", "boot/efi"];
/** Build machines and this one may disagree by that much. */
const CLOCK_SLACK_SECONDS = 24 * 60 * 60;

/** Before files are fetched: there must be room for them. Throws OperationEnd. */
export function checkDownloadSpace({ options, prepared }: Operation): void {
  const problem = spaceProblem(options.stateDir, prepared.plan.downloadBytes, "the download");
  if (problem !== undefined) throw refused(problem);
}

/** Throws OperationEnd, with everything that is wrong at once. */
export function preflight(operation: Operation, rootDir: string): void {
  beginStep(operation, "preflight", "looking at mounts, free space and the clock");
  const { plan } = operation.prepared;
  const mounts = readMounts();
  // Nine tenths of every package are there; pacman itself counts file by file before it begins.
  const programs = join(rootDir, "usr");
  const space = spaceProblem(existsSync(programs) ? programs : rootDir, plan.installedDeltaBytes, "the transaction");
  const problems = [
    ...readOnlyProblems(mounts, rootDir),
    ...(plan.steps.some(isBootStep) ? bootProblems(mounts, rootDir) : []),
    ...(space === undefined ? [] : [space]),
    ...clockProblems(plan, Math.floor(Date.now() / 1_000)),
  ];
  if (problems.length > 0) throw refused(...problems);
}

function isBootStep({ name, action }: PlanStep): boolean {
  return action !== "remove" && touchesBoot(name);
}

function readOnlyProblems(mounts: readonly Mount[], rootDir: string): readonly string[] {
  const paths = new Set(
    WRITTEN.map((folder) => join(rootDir, folder))
      .filter((path) => existsSync(path))
      .flatMap((path) => {
        const mount = mountOf(mounts, path);
        return mount?.isReadOnly === true ? [mount.path] : [];
      }),
  );
  return [...paths].map((path) => `${path} is mounted read-only; mount it writable and try again`);
}

/** A kernel that is written into an empty mount point boots nothing. */
function bootProblems(mounts: readonly Mount[], rootDir: string): readonly string[] {
  const wanted = wantedMounts(rootDir);
  return BOOT_FOLDERS.flatMap((folder) => {
    const path = join(rootDir, folder);
    const isMounted = mounts.some((one) => one.path === path);
    if (!isMounted) {
      const isWanted = wanted.some((one) => one.replace(/\/+$/, "") === `/${folder}`);
      return isWanted
        ? [`${path} is in fstab and not mounted, and the plan changes what boots; mount it and try again`]
        : [];
    }
    const space = spaceProblem(path, bootBytes(path), "the new kernel");
    return space === undefined ? [] : [space];
  });
}

/** A new kernel with its images lies beside the old one for a moment: as much as the largest files there take. */
function bootBytes(folder: string): number {
  const sizes = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(?:vmlinuz|initramfs|initrd)/.test(entry.name))
    .map((entry) => statSync(join(folder, entry.name)).size)
    .toSorted((a, b) => b - a);
  return sizes.slice(0, 2).reduce((sum, size) => sum + size, 0);
}

/** Signatures are judged by the clock: one that is behind their date makes every one of them bad. */
function clockProblems({ steps }: Plan, nowSeconds: number): readonly string[] {
  const newest = steps.reduce((found, step) => (step.buildDate > (found?.buildDate ?? 0) ? step : found), steps[0]);
  if (newest === undefined || newest.buildDate <= nowSeconds + CLOCK_SLACK_SECONDS) return [];
  const day = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 10);
  return [
    `the clock says ${day(nowSeconds)}, and ${newest.name} ${newest.toVersion} was built on ${day(newest.buildDate)}; set the clock (timedatectl) and try again`,
  ];
}
