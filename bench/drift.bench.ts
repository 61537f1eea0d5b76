import { computeDrift } from "../domain/drift/compute-drift.ts";
import { type InstalledPackage, makePackageSet, type PackageSet } from "../domain/package-set/package-set.ts";
import { indexView } from "../domain/view/view-index.ts";
import type { SyncPackage } from "../domain/view/read-sync-database.ts";
import { nameOf } from "./large-root.ts";
import { type Benchmark, contest } from "./measure.ts";

const PACKAGES = 1_500;
const ENDPOINTS = 100;

/** Every tenth package is at another version than the repository's. */
function setOf(endpoint: number): PackageSet {
  const packages = Array.from({ length: PACKAGES }, (_, index): InstalledPackage => {
    const isOld = (index + endpoint) % 10 === 0;
    return {
      name: nameOf(index),
      version: isOld ? "1.0.0-1" : "1.1.0-1",
      architecture: "x86_64",
      buildDate: 1_748_736_000,
      reason: "dependency",
    };
  });
  return makePackageSet(packages);
}

function repository(): readonly SyncPackage[] {
  return Array.from({ length: PACKAGES * 8 }, (_, index) => ({
    name: nameOf(index),
    version: "1.1.0-1",
    architecture: "x86_64",
    buildDate: 1_748_736_000,
    filename: `${nameOf(index)}-1.1.0-1-x86_64.pkg.tar.zst`,
    csize: 1_000,
    isize: 3_000,
    depends: [],
    optdepends: [],
    provides: [],
    conflicts: [],
    replaces: [],
    groups: [],
    base: nameOf(index),
  })) as unknown as readonly SyncPackage[];
}

export const benchmark: Benchmark = {
  name: "drift",
  async run() {
    const sets = Array.from({ length: ENDPOINTS }, (_, endpoint) => setOf(endpoint));
    const view = indexView([{ repository: "extra", packages: repository() }]);
    const target = { mode: "versions" as const, pins: new Map<string, string>(), shared: [] };
    const held: ReadonlySet<string> = new Set();
    const names = new Map(repository().map(({ name, version }) => [name, version]));
    const row = await contest({
      what: `drift of ${String(ENDPOINTS)} endpoints x ${String(PACKAGES)} packages, with causes`,
      peer: "a bare string comparison of every version through a Map",
      ours: () =>
        sets.map((installed) =>
          computeDrift({ installed, ownView: view, target, targetView: view, targetSet: sets[0], held }),
        ),
      theirs: () => sets.map(({ packages }) => packages.filter((one) => names.get(one.name) !== one.version)),
    });
    return [row];
  },
};
