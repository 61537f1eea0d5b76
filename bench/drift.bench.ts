import { computeDrift } from "../domain/drift/compute-drift.ts";
import { makeDriftJudge, makePackageTable } from "../domain/drift/drift-table.ts";
import { type InstalledPackage, makePackageSet, type PackageSet } from "../domain/package-set/package-set.ts";
import { namePolicy } from "../domain/policy/resolve-policy.ts";
import type { SyncPackage } from "../domain/view/read-sync-database.ts";
import { indexView } from "../domain/view/view-index.ts";
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

const FLEET = 10_000;

/** The bare floor: version numbers in flat arrays against a dense target table, nothing else known of a package. */
function bareDifference(sets: readonly Int32Array[], target: Int32Array): number {
  let different = 0;
  for (const numbers of sets) {
    for (let at = 0; at < numbers.length; at += 1) if (numbers[at] !== target[at]) different += 1;
  }
  return different;
}

const RULES = 40;

/** A rule of a person names a package or a family of them. */
function patterns(from: number): readonly string[] {
  return Array.from({ length: RULES }, (_, index) => `${nameOf(from + index * 7)}${index % 2 === 0 ? "" : "*"}`);
}

const rules = { holds: patterns(0), shares: patterns(3), owns: [], foreigns: [] };

export const benchmark: Benchmark = {
  name: "drift",
  async run() {
    const sets = Array.from({ length: ENDPOINTS }, (_, endpoint) => setOf(endpoint));
    const view = indexView([{ repository: "extra", packages: repository() }]);
    const target = { mode: "versions" as const, pins: new Map<string, string>(), shared: [] };
    const held: ReadonlySet<string> = new Set();
    const context = { ownView: view, target, targetView: view, targetSet: sets[0] };
    const table = makePackageTable();
    // Every endpoint has an array of its own, as if all sets differed: caches must not flatter.
    const interned = Array.from({ length: FLEET }, (_, endpoint) =>
      table.intern(sets[endpoint % ENDPOINTS] ?? setOf(endpoint)),
    );
    const bare = interned.map(({ numbers }) => numbers);
    const first = bare[0] ?? new Int32Array(0);
    return [
      await contest({
        what: `drift counts of ${String(FLEET)} endpoints x ${String(PACKAGES)} packages on a new target`,
        peer: "bare loop over version numbers, dense table",
        rounds: 7,
        ours() {
          const judge = makeDriftJudge(table, context);
          return interned.map((one) => judge.count(one, held));
        },
        theirs: () => bareDifference(bare, first),
      }),
      await contest({
        what: `the same with ${String(RULES)} holds and ${String(RULES)} shares, half of them globs`,
        peer: "bare loop over version numbers, dense table",
        rounds: 7,
        ours() {
          const judge = makeDriftJudge(table, { ...context, policy: namePolicy(rules, context) });
          return interned.map((one) => judge.count(one, held));
        },
        theirs: () => bareDifference(bare, first),
      }),
      await contest({
        what: `drift of one endpoint with a cause per package, x ${String(ENDPOINTS)}`,
        peer: "bare version comparison through a Map",
        ours: () => sets.map((installed) => computeDrift({ ...context, installed, held })),
        theirs: () =>
          sets.map(({ packages }) => packages.filter((one) => view.packages.get(one.name)?.version !== one.version)),
      }),
    ];
  },
};
