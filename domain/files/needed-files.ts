// Which package files an endpoint needs to be what a target says, whatever it has already: the way back needs them too.
// docs/spec/files.md.
import { type DriftInput, judgeAbsent, judgePackage, namesToHave } from "../drift/compute-drift.ts";
import { findInstalled, type InstalledPackage } from "../package-set/package-set.ts";
import { indexProviders, isSatisfiedByAny } from "../plan/closure.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { type Provider, parseRequirement } from "../view/requirement.ts";
import { findProviders } from "../view/view-index.ts";
import type { PackageKey } from "./package-information.ts";

/** A file by its digest, or by what its metadata must say where no view knows it. */
export interface NeededFile extends PackageKey {
  /** Empty where no view has the version. So are filename, size (0), sha256 and signature. */
  readonly repository: string;
  readonly filename: string;
  readonly size: number;
  readonly sha256: string;
  /** Base64; empty also where the repository ships it beside the file only. */
  readonly signature: string;
  /** The endpoint has exactly this build now. */
  readonly isInstalled: boolean;
}

export interface NeededFiles {
  /** Unique names, in no particular order. */
  readonly files: readonly NeededFile[];
  /** Names that it must have and that no repository of its class has. */
  readonly unavailable: readonly string[];
}

export function computeNeededFiles(input: DriftInput): NeededFiles {
  const files = new Map<string, NeededFile>();
  const unavailable: string[] = [];
  const need = (name: string, version: string): void => {
    if (!files.has(name)) files.set(name, describeFile(input, name, version));
  };
  for (const one of input.installed.packages) {
    if (input.kept?.has(one.name) === true) continue;
    const wanted = wantedOf(input, one);
    if (wanted !== undefined) need(wanted.name, wanted.version);
  }
  for (const name of namesToHave(input)) {
    if (files.has(name) || input.held.has(name) || findInstalled(input.installed, name) !== undefined) continue;
    const item = judgeAbsent(input, name);
    if (item.wanted !== undefined && item.kind !== "unavailable") need(name, item.wanted);
    else if (item.cause !== "source-only") unavailable.push(name);
  }
  for (const one of pulledIn(input, files)) need(one.name, one.version);
  return { files: [...files.values()], unavailable };
}

/** What an installed package becomes; undefined for what the target leaves alone or removes. */
function wantedOf(
  input: DriftInput,
  one: InstalledPackage,
): { readonly name: string; readonly version: string } | undefined {
  const item = judgePackage(input, one, input.held.has(one.name));
  switch (item?.kind) {
    case undefined:
      return one;
    case "reason":
    case "older":
    case "newer":
    case "rebuilt":
      return { name: one.name, version: item.wanted ?? one.version };
    case "replaced":
      return { name: item.replacer ?? one.name, version: item.wanted ?? one.version };
    case "missing":
    case "extra":
    case "held":
    case "foreign":
    case "unavailable":
      return undefined;
  }
}

function describeFile(input: DriftInput, name: string, version: string): NeededFile {
  const atSource = input.targetSet === undefined ? undefined : findInstalled(input.targetSet, name);
  const isSources = atSource?.version === version;
  const inView = input.targetView.packages.get(name);
  const buildDate = input.target.mode === "mirror" && isSources ? atSource.buildDate : 0;
  const here = findInstalled(input.installed, name);
  if (inView?.version === version && isSameBuild(inView.buildDate, buildDate)) {
    const isInstalled = here?.version === version && isSameBuild(here.buildDate, inView.buildDate);
    return { ...fileInView(inView), isInstalled };
  }
  const known = isSources ? atSource : undefined;
  return {
    name,
    version,
    architecture: known?.architecture ?? "",
    buildDate: known?.buildDate ?? 0,
    repository: "",
    filename: "",
    size: 0,
    sha256: "",
    signature: "",
    isInstalled: here?.version === version && isSameBuild(here.buildDate, known?.buildDate ?? 0),
  };
}

/** 0 is a build that nobody knows. */
function isSameBuild(a: number, b: number): boolean {
  return a === b || a === 0 || b === 0;
}

/** What a view says of a package's file. */
export function fileInView(one: SyncPackage): Omit<NeededFile, "isInstalled"> {
  return {
    name: one.name,
    version: one.version,
    architecture: one.architecture,
    buildDate: one.buildDate,
    repository: one.repository,
    filename: one.filename,
    size: one.compressedSize,
    sha256: one.sha256 ?? "",
    signature: one.signature ?? "",
  };
}

/** New dependencies of the wanted packages: of several providers the first, which is pacman's answer when nobody chooses. */
function pulledIn(input: DriftInput, files: ReadonlyMap<string, NeededFile>): readonly SyncPackage[] {
  const { targetView, installed } = input;
  const inView = (name: string, version: string): SyncPackage | undefined => {
    const one = targetView.packages.get(name);
    return one?.version === version ? one : undefined;
  };
  const wanted = [...files.values()].flatMap(({ name, version }) => inView(name, version) ?? []);
  const staying = installed.packages.filter(({ name }) => !files.has(name)).map(withoutProvisions);
  const providers = indexProviders<Provider>([...staying, ...wanted]);
  const pulled = new Map<string, SyncPackage>();
  const seen = new Set<string>();
  const open = wanted.flatMap((one) => one.depends);
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    if (seen.has(text)) continue;
    seen.add(text);
    const requirement = parseRequirement(text);
    if (isSatisfiedByAny(requirement, providers)) continue;
    const candidates = findProviders(targetView, requirement);
    const [first] = candidates;
    if (first === undefined || candidates.some(({ name }) => pulled.has(name) || files.has(name))) continue;
    pulled.set(first.name, first);
    open.push(...first.depends);
  }
  return [...pulled.values()];
}

/** A set does not say what its packages provide; what stays is mostly foreign. */
function withoutProvisions({ name, version }: InstalledPackage): Provider {
  return { name, version, provides: [] };
}

/** Equal for files that are the same to a store. */
export function fileKey(file: Pick<NeededFile, "sha256" | "name" | "version" | "architecture" | "buildDate">): string {
  if (file.sha256 !== "") return file.sha256;
  return `${file.name} ${file.version} ${file.architecture} ${String(file.buildDate)}`;
}
