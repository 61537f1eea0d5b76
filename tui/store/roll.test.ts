import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anEndpoint } from "../../test/support/tui-data.ts";
import { rollOf, sortedIds } from "./roll.ts";

const endpoint = fc
  .record({
    place: fc.nat(400),
    poolId: fc.constantFrom("p-one", "p-two"),
    packages: fc.nat(9),
    isRenamed: fc.boolean(),
  })
  .map(({ place, poolId, packages, isRenamed }) =>
    anEndpoint(isRenamed ? `renamed-${String(place)}` : `host-${String(place)}`, {
      id: `e-${String(place)}`,
      poolId,
      packages,
    }),
  );
const burst = fc.array(fc.tuple(endpoint, fc.boolean()), { maxLength: 20 });

describe("the roll of endpoints", () => {
  it("is a map, whatever comes, changes, moves and leaves", () => {
    fc.assert(
      fc.property(fc.array(endpoint, { maxLength: 300 }), fc.array(burst, { maxLength: 5 }), (first, bursts) => {
        const plain = new Map(first.map((one) => [one.id, one]));
        let roll = rollOf(plain.values());
        for (const one of bursts) {
          const changes = new Map(one.map(([now, isGone]) => [now.id, isGone ? undefined : now]));
          const before = [...roll];
          const next = roll.with(changes);
          // The one before is as it was.
          expect([...roll]).toEqual(before);
          roll = next;
          for (const [id, now] of changes) {
            if (now === undefined) plain.delete(id);
            else plain.set(id, now);
          }
          expect(new Map(roll)).toEqual(plain);
          expect(roll.size).toBe(plain.size);
          for (const id of plain.keys()) expect(roll.get(id)).toBe(plain.get(id));
          for (const pool of [undefined, "p-one", "p-two"]) {
            expect(sortedIds(roll, pool)).toEqual(sortedIds(plain, pool));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keeps its order as the same array while nobody comes, leaves, moves or is renamed", () => {
    const roll = rollOf(Array.from({ length: 1_000 }, (_, index) => anEndpoint(`host-${String(index)}`)));
    const order = roll.sortedIds("p-studio");
    const changed = roll.with(new Map([["e-host-7", anEndpoint("host-7", { status: "behind" })]]));
    expect(changed.get("e-host-7")?.status).toBe("behind");
    expect(changed.sortedIds("p-studio")).toBe(order);
    const left = changed.with(new Map([["e-host-7", undefined]]));
    expect(left.sortedIds("p-studio")).toHaveLength(999);
    expect(order).toHaveLength(1_000);
  });
});
