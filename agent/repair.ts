// Torn entries of pacman's database that no journal of ours names: what each was, so that a person's word can have it
// installed again over its own files. Looks only; the executor sets aside and installs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageSetDigest } from "../domain/package-set/canonical.ts";
import {
  findInstalled,
  type InstallReason,
  makePackageSet,
  TRANSITION_PACKAGE,
} from "../domain/package-set/package-set.ts";
import type { Wish } from "../domain/plan/wish.ts";
import { parseDesc, readNumberField } from "../domain/view/parse-desc.ts";
import { readHistory } from "./history.ts";
import type { Installation, InstallationReader } from "./installation.ts";
import type { PlanQuestion } from "./machine.ts";
import type { LocalDatabase } from "./pacman/local-database.ts";
import { sha256Of } from "./pacman/sync-databases.ts";

/** Part of a prepared plan: what its execution may set aside. */
export interface Repair {
  /** Folders below local/. */
  readonly entries: readonly string[];
  readonly names: readonly string[];
}

export interface TornPackage {
  readonly name: string;
  readonly version: string;
  readonly reason: InstallReason;
  /** Whatever stands in its place now, whole ones of the same name included. */
  readonly entries: readonly string[];
}

/** One per name, in order. */
export function findTornPackages({ local, configuration }: Installation, stateDir: string): readonly TornPackage[] {
  const byName = Map.groupBy(local.torn, ({ entry }) => splitEntry(entry).name);
  const newest = readHistory(stateDir).at(-1)?.set;
  const found = [...byName].map(([name, torn]): TornPackage => {
    const whole = local.packages.get(name);
    const entries = [...(whole === undefined ? [] : [whole.entry]), ...torn.map(({ entry }) => entry)];
    const known = newest === undefined ? undefined : findInstalled(newest, name);
    // Explicit when nobody knows: no clean-up takes it away then.
    const reason = whole?.reason ?? known?.reason ?? "explicit";
    return { name, version: newestVersion(join(configuration.dbPath, "local"), entries), reason, entries };
  });
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** NAME-VERSION-RELEASE; neither version nor release has a hyphen. */
export function splitEntry(entry: string): { readonly name: string; readonly version: string } {
  const parts = entry.split("-");
  return { name: parts.slice(0, -2).join("-"), version: parts.slice(-2).join("-") };
}

/** Of those whose desc can be read the one that was installed last; else what the last folder is called. */
function newestVersion(folder: string, entries: readonly string[]): string {
  const readable = entries.flatMap((entry) => {
    try {
      const desc = parseDesc(readFileSync(join(folder, entry, "desc"), "utf8"));
      const version = desc.get("VERSION")?.[0];
      return version === undefined ? [] : [{ version, atSeconds: readNumberField(desc, "INSTALLDATE") }];
    } catch {
      return [];
    }
  });
  const last = readable.toSorted((a, b) => a.atSeconds - b.atSeconds).at(-1);
  return last?.version ?? splitEntry(entries.at(-1) ?? "").version;
}

/** The machine as it is once these names are set aside. */
export function withoutNames(installation: Installation, names: readonly string[]): Installation {
  const isGone = new Set(names);
  const { local } = installation;
  const whole: LocalDatabase = {
    set: makePackageSet(local.set.packages.filter(({ name }) => !isGone.has(name))),
    packages: new Map([...local.packages].filter(([name]) => !isGone.has(name))),
    torn: local.torn.filter(({ entry }) => !isGone.has(splitEntry(entry).name)),
  };
  return { ...installation, local: whole };
}

/** The packages as they were, beside what else is wished. */
export function wishRepaired(wish: Wish, torn: readonly TornPackage[]): Wish {
  if (torn.length === 0) return wish;
  const wished = new Set(wish.set.map(({ name }) => name));
  // Of the transition package nothing is to come back.
  const added = torn.filter(({ name }) => !wished.has(name) && name !== TRANSITION_PACKAGE);
  const why = "its entry in pacman's database is torn; it is installed again over its own files";
  const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);
  return {
    ...wish,
    set: [
      ...wish.set,
      ...added.map(({ name, version }) => ({ name, version, buildDate: 0, repository: "", why })),
    ].toSorted(byName),
    reasons: [...wish.reasons, ...added.map(({ name, reason }) => ({ name, reason }))].toSorted(byName),
  };
}

/** The machine to plan on: for a repair as it will be once what is torn is set aside. The base is what the server knows. */
export async function readFor(
  { repair }: PlanQuestion,
  { reader, stateDir }: { readonly reader: InstallationReader; readonly stateDir: string },
) {
  const present = await reader.read();
  const baseDigest = packageSetDigest(present.local.set, sha256Of);
  const torn = repair === true ? findTornPackages(present, stateDir) : [];
  const names = torn.map(({ name }) => name);
  return { installation: names.length === 0 ? present : withoutNames(present, names), torn, baseDigest };
}

/** What a prepared plan says of it; nothing unless a person asked. */
export function repairOf({ repair }: PlanQuestion, torn: readonly TornPackage[]): { readonly repair?: Repair } {
  if (repair !== true) return {};
  return { repair: { entries: torn.flatMap(({ entries }) => entries), names: torn.map(({ name }) => name) } };
}
