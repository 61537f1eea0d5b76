import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { available, setOf, viewOf } from "../../test/support/sample-packages.ts";
import { makePackageSet } from "../package-set/package-set.ts";
import { namePolicy } from "../policy/resolve-policy.ts";
import { computeDrift, type DriftContext } from "./compute-drift.ts";
import { makeDriftJudge, makePackageTable } from "./drift-table.ts";

const names = ["a", "b", "c", "d", "e", "f"] as const;

const someSet = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      version: fc.constantFrom("1-1", "2-1", "1:1-1"),
      architecture: fc.constant("x86_64"),
      buildDate: fc.constantFrom(0, 100, 200),
      reason: fc.constantFrom("explicit" as const, "dependency" as const),
    }),
    { selector: (one) => one.name },
  )
  .map(makePackageSet);

const someView = fc
  .tuple(fc.subarray(["a 1-1", "b 2-1", "c 1:1-1", "d 1-1"]), fc.boolean())
  .map(([lines, replaces]) => viewOf(...lines, ...(replaces ? [available("f 2-1", { replaces: ["e"] })] : [])));

const someContext: fc.Arbitrary<DriftContext> = fc.record({
  ownView: someView,
  targetView: someView,
  targetSet: fc.option(someSet, { nil: undefined }),
  target: fc.record({
    mode: fc.constantFrom("versions" as const, "mirror" as const),
    pins: fc.subarray([...names]).map((list) => new Map(list.slice(0, 1).map((name) => [name, "1-1"]))),
    shared: fc.subarray([...names]),
  }),
});

const somePatterns = fc.subarray([...names, "[ab]", "?"], { maxLength: 3 });

const ruledContext: fc.Arbitrary<DriftContext> = fc
  .tuple(someContext, somePatterns, somePatterns, somePatterns, somePatterns)
  .map(([context, holds, shares, owns, foreigns]) => ({
    ...context,
    policy: namePolicy({ holds, shares, owns, foreigns }, context),
  }));

const someNames = fc.subarray([...names]).map((list) => new Set<string>(list));

describe("the drift table", () => {
  it("counts what the itemised drift counts, for any sets, views, modes, pins, shared names, holds and rules", () => {
    fc.assert(
      fc.property(
        fc.oneof(someContext, ruledContext),
        fc.array(someSet, { minLength: 1, maxLength: 4 }),
        someNames,
        (context, sets, held) => {
          const table = makePackageTable();
          const judge = makeDriftJudge(table, context);
          for (const installed of sets) {
            const expected = computeDrift({ ...context, installed, held }).counts;
            expect(judge.count(table.intern(installed), held)).toEqual(expected);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("stores a package that many endpoints have once", () => {
    const table = makePackageTable();
    table.intern(setOf("a 1-1", "b 1-1"));
    table.intern(setOf("a 1-1", "b 2-1"));
    expect(table.size).toBe(3);
  });
});
