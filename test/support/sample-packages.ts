// Packages, sets and views for tests of the rules, each in one short line.
import { type InstalledPackage, makePackageSet, type PackageSet } from "../../domain/package-set/package-set.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { indexView, type ViewIndex } from "../../domain/view/view-index.ts";

/** `name version [explicit|dependency] [@buildDate]`; explicit and built at second 100 unless said. */
export function installed(line: string): InstalledPackage {
  const [name = "", version = "", ...rest] = line.split(" ");
  const built = rest.find((one) => one.startsWith("@"));
  return {
    name,
    version,
    architecture: "x86_64",
    buildDate: built === undefined ? 100 : Number(built.slice(1)),
    reason: rest.includes("dependency") ? "dependency" : "explicit",
  };
}

export function setOf(...lines: readonly string[]): PackageSet {
  return makePackageSet(lines.map(installed));
}

type Metadata = Partial<
  Pick<SyncPackage, "depends" | "provides" | "conflicts" | "replaces" | "buildDate" | "compressedSize">
>;

/** `name version`, with what else it says of itself. */
export function available(line: string, metadata: Metadata = {}, repository = "core"): SyncPackage {
  const { name, version, architecture, buildDate } = installed(line);
  return {
    name,
    version,
    architecture,
    buildDate,
    repository,
    filename: `${name}-${version}-${architecture}.pkg.tar.zst`,
    compressedSize: 1_000,
    installedSize: 4_000,
    sha256: "ab".repeat(32),
    signature: undefined,
    base: name,
    depends: [],
    provides: [],
    conflicts: [],
    replaces: [],
    groups: [],
    ...metadata,
  };
}

/** Repositories in the order of their first package. */
export function viewOf(...packages: readonly (SyncPackage | string)[]): ViewIndex {
  const repositories = new Map<string, SyncPackage[]>();
  for (const one of packages.map((each) => (typeof each === "string" ? available(each) : each))) {
    repositories.set(one.repository, [...(repositories.get(one.repository) ?? []), one]);
  }
  return indexView([...repositories].map(([repository, list]) => ({ repository, packages: list })));
}
