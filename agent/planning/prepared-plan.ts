// A plan with all that its execution needs, on disk from the moment it is computed: the target that it was made from may
// be replaced while people think. STATE/plans/DIGEST.json.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { canonicalBytes, parseCanonicalBytes } from "../../domain/package-set/canonical.ts";
import type { PackageSet } from "../../domain/package-set/package-set.ts";
import { type Plan, planDigest } from "../../domain/plan/plan.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { ViewDatabase } from "../../domain/view/view.ts";
import { writeDurably } from "../durable-file.ts";
import { sha256Of } from "../pacman/sync-databases.ts";
import type { Repair } from "../repair.ts";

export interface PreparedPlan {
  readonly plan: Plan;
  /** What the plan starts from and ends in, with reasons. */
  readonly before: PackageSet;
  readonly after: PackageSet;
  /** Of every step but removals: where its file comes from and how to know it. */
  readonly packages: readonly SyncPackage[];
  /** What the way back needs of what goes, as far as it can be had; absent in plans of older versions. */
  readonly wayBack?: readonly SyncPackage[];
  /** What the machine's sync databases become; kept in the database store. */
  readonly databases: readonly ViewDatabase[];
  /** The operation that a revert undoes; empty otherwise. */
  readonly revertsOperationId: string;
  /** What its execution sets aside first; absent unless a person asked for it. */
  readonly repair?: Repair;
}

/** Plans that people look at side by side; each is some ten to hundreds of kilobytes. */
const keptPlans = 8;

export async function savePreparedPlan(folder: string, prepared: PreparedPlan): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await writeDurably(fileOf(folder, prepared.plan.digest), encodePreparedPlan(prepared));
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ file: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .toSorted((a, b) => b.time - a.time);
  for (const { file } of files.slice(keptPlans)) rmSync(file, { force: true });
}

/** Undefined when there is none of that digest, or what is there was damaged. */
export function loadPreparedPlan(folder: string, digest: string): PreparedPlan | undefined {
  const prepared = readPreparedPlan(fileOf(folder, digest));
  return prepared?.plan.digest === digest ? prepared : undefined;
}

/** Every plan that is kept, for those who must not throw away what it needs. */
export function listPreparedPlans(folder: string): readonly PreparedPlan[] {
  try {
    return readdirSync(folder).flatMap((name) => readPreparedPlan(join(folder, name)) ?? []);
  } catch {
    return [];
  }
}

export function encodePreparedPlan({ before, after, ...rest }: PreparedPlan): string {
  const text = (set: PackageSet): string => Buffer.from(canonicalBytes(set)).toString("utf8");
  return JSON.stringify({ ...rest, before: text(before), after: text(after) });
}

export function readPreparedPlan(file: string): PreparedPlan | undefined {
  try {
    // Written by this program only; the digest below tells of damage.
    const raw = JSON.parse(readFileSync(file, "utf8")) as Omit<PreparedPlan, "before" | "after"> & {
      readonly before: string;
      readonly after: string;
    };
    if (planDigest(raw.plan, sha256Of) !== raw.plan.digest) return undefined;
    const set = (text: string): PackageSet => parseCanonicalBytes(Buffer.from(text));
    return { ...raw, before: set(raw.before), after: set(raw.after) };
  } catch {
    return undefined;
  }
}

function fileOf(folder: string, digest: string): string {
  return join(folder, `${digest.replaceAll(/[^0-9a-f]/g, "")}.json`);
}
