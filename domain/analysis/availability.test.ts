import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { available } from "../../test/support/sample-packages.ts";
import { finish } from "../steps.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { indexView, type ViewIndex } from "../view/view-index.ts";
import { BUILD, computeAvailability, MISSING, SIGNER, VERSION, WITHIN_CLASS } from "./availability.ts";
import { type AnalysedPackage, listPackages, type PackageFilter } from "./list-packages.ts";
import { makeOfferTable } from "./offer-table.ts";
import { makeViewOffers } from "./view-offers.ts";

interface SomeView {
  readonly class: string;
  readonly packages: readonly SyncPackage[];
}

/** Signature packets of two keys, version 3, which is the shortest. */
const SIGNED_BY_A = btoa(`\u0088\u0014\u0003\u0005\u0000\u0001\u0002\u0003\u0004${"A".repeat(8)}\u0001\u0008`);
const SIGNED_BY_B = btoa(`\u0088\u0014\u0003\u0005\u0000\u0001\u0002\u0003\u0004${"B".repeat(8)}\u0001\u0008`);

const somePackage: fc.Arbitrary<SyncPackage> = fc
  .record({
    name: fc.constantFrom("a", "b", "c", "d"),
    version: fc.constantFrom("1-1", "2-1"),
    sha256: fc.constantFrom(undefined, "aa".repeat(32), "bb".repeat(32)),
    buildDate: fc.constantFrom(0, 100, 200),
    signature: fc.constantFrom(undefined, SIGNED_BY_A, SIGNED_BY_B),
    repository: fc.constantFrom("core", "extra"),
  })
  .map((one) => ({ ...available(`${one.name} ${one.version}`), ...one }));

const someViews: fc.Arbitrary<readonly SomeView[]> = fc.array(
  fc.record({
    class: fc.constantFrom("x", "y"),
    packages: fc.uniqueArray(somePackage, { selector: ({ name }) => name }),
  }),
  { maxLength: 5 },
);

function indexOf({ packages }: SomeView): ViewIndex {
  return indexView(
    ["core", "extra"].map((repository) => ({
      repository,
      packages: packages.filter((one) => one.repository === repository),
    })),
  );
}

function compare(views: readonly SomeView[]) {
  const table = makeOfferTable();
  const offers = views.map((view, place) =>
    finish(makeViewOffers(table, { digest: String(place), class: view.class, architecture: "x86_64" }, indexOf(view))),
  );
  return { table, availability: finish(computeAvailability(table, offers)) };
}

/** The same by looking at every pair of views for every name. */
function naiveBits(views: readonly SomeView[], name: string): number {
  const found = views.map(({ packages }) => packages.find((one) => one.name === name));
  let bits = found.includes(undefined) ? MISSING : 0;
  for (const one of found) {
    for (const other of found) {
      if (one === undefined || other === undefined) continue;
      if (one.version !== other.version) bits |= VERSION;
      else {
        if (isOtherFile(one, other)) bits |= BUILD;
        if (one.signature !== other.signature) bits |= SIGNER;
      }
    }
  }
  return bits;
}

function isOtherFile(one: SyncPackage, other: SyncPackage): boolean {
  if (one.sha256 !== undefined && other.sha256 !== undefined) return one.sha256 !== other.sha256;
  return one.buildDate !== other.buildDate && one.buildDate !== 0 && other.buildDate !== 0;
}

function list(views: readonly SomeView[], filter: Partial<PackageFilter> = {}): readonly AnalysedPackage[] {
  const { table, availability } = compare(views);
  const all = { kind: "all", withinClass: false, installed: false, ...filter } as const;
  return listPackages(table, { availability, installedOn: new Int32Array(0) }, all, { after: "", size: 100 }).packages;
}

describe("what views have in common", () => {
  it("is what a comparison of every pair of views finds, over all and inside each class", () => {
    fc.assert(
      fc.property(someViews, (views) => {
        const { table, availability } = compare(views);
        const names = [...new Set(views.flatMap(({ packages }) => packages.map(({ name }) => name)))].toSorted();
        expect([...availability.names].map((name) => table.name(name))).toEqual(names);
        const expected = names.map((name) => {
          const within = ["x", "y"]
            .map((ofClass) => views.filter((view) => view.class === ofClass))
            // A whole class that lacks it differs from the other only.
            .filter((group) => group.some(({ packages }) => packages.some((one) => one.name === name)))
            .reduce((bits, group) => bits | naiveBits(group, name), 0);
          return naiveBits(views, name) | (within << WITHIN_CLASS);
        });
        expect([...availability.bits]).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("counts what it lists", () => {
    fc.assert(
      fc.property(someViews, fc.boolean(), (views, withinClass) => {
        const { counts, withinClass: within } = compare(views).availability;
        const expected = withinClass ? within : counts;
        for (const kind of ["common", "identical", "missing", "version", "build", "signer"] as const) {
          expect([kind, list(views, { kind, withinClass }).length]).toEqual([kind, expected[kind]]);
        }
        expect(list(views)).toHaveLength(counts.packages);
      }),
      { numRuns: 100 },
    );
  });

  it("says of each package which views have which offer, and which have none", () => {
    fc.assert(
      fc.property(someViews, (views) => {
        for (const { name, offers, lackedBy } of list(views)) {
          const places = offers.flatMap((offer) => offer.views);
          expect([...places, ...lackedBy].toSorted((a, b) => a - b)).toEqual([...views.keys()]);
          for (const { version, repository, views: having } of offers) {
            for (const place of having) {
              expect(views[place]?.packages.find((one) => one.name === name)).toMatchObject({ version, repository });
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("pages by name without losing or repeating any", () => {
    const packages = Array.from({ length: 25 }, (_, index) => available(`p${String(index).padStart(2, "0")} 1-1`));
    const { table, availability } = compare([{ class: "x", packages }]);
    const found: string[] = [];
    for (let hasMore = true; hasMore; ) {
      const filter = { kind: "all", withinClass: false, installed: false } as const;
      const given = { availability, installedOn: new Int32Array(0) };
      const page = listPackages(table, given, filter, { after: found.at(-1) ?? "", size: 10 });
      expect(page.total).toBe(25);
      found.push(...page.packages.map(({ name }) => name));
      ({ hasMore } = page);
    }
    expect(found).toEqual(packages.map(({ name }) => name));
  });

  it("ends a page before its message grows too large, however many views there are", () => {
    const names = Array.from({ length: 300 }, (_, index) => `p${String(index).padStart(3, "0")}`);
    const views = Array.from({ length: 64 }, (_, view) => ({
      class: "x",
      packages: names.map((name) => available(`${name} ${String(view)}-1`)),
    }));
    const { table, availability } = compare(views);
    const filter = { kind: "all", withinClass: false, installed: false } as const;
    const given = { availability, installedOn: new Int32Array(0) };
    const page = listPackages(table, given, filter, { after: "", size: 2_000 });
    expect(page).toMatchObject({ total: 300, hasMore: true });
    expect(page.packages.flatMap(({ offers }) => offers)).toHaveLength(8_000);
  });

  it("keeps an offer that many views have once, also across repositories of one content", () => {
    const { table } = compare([
      { class: "x", packages: [available("a 1-1"), available("b 1-1")] },
      { class: "y", packages: [available("a 1-1"), available("b 2-1")] },
    ]);
    expect(table.size).toBe(3);
  });
});
