import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { available, viewOf } from "../../test/support/sample-packages.ts";
import { computeDrift } from "../drift/compute-drift.ts";
import { canonicalBytes } from "../package-set/canonical.ts";
import { makePackageSet } from "../package-set/package-set.ts";
import { finish } from "../steps.ts";
import { compareVersions } from "../version/compare.ts";
import { findReplacer, type ViewIndex } from "../view/view-index.ts";
import { makeInstalledTable } from "./installed-table.ts";
import { makeOfferTable } from "./offer-table.ts";
import { computeStanding } from "./standing.ts";
import { makeViewOffers } from "./view-offers.ts";

const names = ["a", "b", "c", "d", "e"] as const;

const someSet = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      version: fc.constantFrom("1-1", "2-1", "1:1-1"),
      architecture: fc.constant("x86_64"),
      buildDate: fc.constantFrom(0, 100, 200),
      reason: fc.constant("explicit" as const),
    }),
    { selector: ({ name }) => name },
  )
  .map(makePackageSet);

const someView = fc
  .record({
    lines: fc.subarray(["a 1-1", "b 2-1", "c 1:1-1", "d 1-1 @200"]),
    replaces: fc.subarray(["a", "e"]),
    isFirst: fc.boolean(),
  })
  .map(({ lines, replaces, isFirst }) => {
    const others = lines.map((line) => available(line));
    const replacer = available("f 2-1", { replaces }, "earlier");
    return isFirst ? viewOf(replacer, ...others) : viewOf(...others, replacer);
  });

const someCase = fc.record({
  installed: someSet,
  own: someView,
  others: fc.array(fc.record({ view: someView, isOfClass: fc.boolean() }), { maxLength: 3 }),
  held: fc.subarray([...names]).map((list) => new Set<string>(list)),
});

type Case = typeof someCase extends fc.Arbitrary<infer Value> ? Value : never;

function stand({ installed, own, others, held }: Case) {
  const table = makeOfferTable();
  const make = (index: ViewIndex, place: number, ofClass: string) =>
    finish(makeViewOffers(table, { digest: String(place), class: ofClass, architecture: "x86_64" }, index));
  const views = [
    make(own, 0, "x"),
    ...others.map(({ view, isOfClass }, at) => make(view, at + 1, isOfClass ? "x" : "y")),
  ];
  const lines = makeInstalledTable(table);
  const numbers = lines.intern(canonicalBytes(installed));
  const standing = computeStanding(table, { lines, installed: numbers, own: 0, views, held });
  return { standing, namesOf: (numbers: Int32Array) => [...numbers].map((one) => table.name(one)) };
}

describe("how a set stands to its pool's views", () => {
  it("calls foreign and differing what drift against its own view says", () => {
    fc.assert(
      fc.property(someCase, (one) => {
        const { standing, namesOf } = stand(one);
        const target = { mode: "versions" as const, pins: new Map<string, string>(), shared: [] };
        const { items } = computeDrift({
          installed: one.installed,
          ownView: one.own,
          targetView: one.own,
          targetSet: undefined,
          target,
          held: new Set(),
        });
        const ofKinds = (...kinds: readonly string[]) => items.filter(({ kind }) => kinds.includes(kind));
        expect(namesOf(standing.foreign)).toEqual(ofKinds("foreign").map(({ name }) => name));
        const differing = ofKinds("older", "newer", "rebuilt", "replaced").filter(({ name }) => !one.held.has(name));
        expect(namesOf(standing.differing)).toEqual(differing.map(({ name }) => name));
      }),
      { numRuns: 300 },
    );
  });

  it("says of each view of its class what would go up, down or be left, and of other classes nothing", () => {
    fc.assert(
      fc.property(someCase, (one) => {
        const { standing, namesOf } = stand(one);
        const foreign = new Set(namesOf(standing.foreign));
        const views = [{ view: one.own, isOfClass: true }, ...one.others];
        expect([...standing.against.keys()]).toEqual([...views.keys()].filter((place) => views[place]?.isOfClass));
        for (const [place, found] of standing.against) {
          const index = views[place]?.view ?? one.own;
          const orders = one.installed.packages.flatMap(({ name, version }) => {
            const offered = index.packages.get(name);
            return offered === undefined ? [] : [compareVersions(version, offered.version)];
          });
          const lacking = one.installed.packages.filter(
            (each) => !index.packages.has(each.name) && !foreign.has(each.name) && !findReplacer(index, each),
          );
          expect(found).toMatchObject({
            older: orders.filter((order) => order < 0).length,
            newer: orders.filter((order) => order > 0).length,
            lacking: lacking.length,
          });
          expect(namesOf(found.lackingNames)).toEqual(lacking.map(({ name }) => name));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("calls unavailable what came from a repository and is in no view of its class any more", () => {
    const installed = makePackageSet(
      ["a", "b", "c"].map((name) => ({
        name,
        version: "1-1",
        architecture: "x86_64",
        buildDate: 100,
        reason: "explicit",
      })),
    );
    const { standing, namesOf } = stand({
      installed,
      own: viewOf("a 2-1", "b 2-1"),
      others: [
        { view: viewOf("b 1-1"), isOfClass: true },
        { view: viewOf("a 1-1", "c 1-1"), isOfClass: false },
      ],
      held: new Set(),
    });
    expect(namesOf(standing.unavailable)).toEqual(["a"]);
    expect(namesOf(standing.foreign)).toEqual(["c"]);
  });

  it("refuses a place where no view is", () => {
    const table = makeOfferTable();
    const lines = makeInstalledTable(table);
    const installed = lines.intern(canonicalBytes(makePackageSet([])));
    expect(() => computeStanding(table, { lines, installed, own: 0, views: [], held: new Set() })).toThrow(RangeError);
  });
});
