import { describe, expect, it } from "vitest";
import { move, settle } from "./position.ts";

const ids = Array.from({ length: 100 }, (_, index) => `e${index}`);

describe("a selection", () => {
  it("starts at the first row", () => {
    expect(settle(undefined, ids, 10)).toEqual({ id: "e0", index: 0, top: 0 });
    expect(settle(undefined, [], 10)).toEqual({ id: "", index: 0, top: 0 });
  });

  it("stays on its row when rows come before it", () => {
    expect(settle({ id: "e5", index: 5, top: 0 }, ["new", ...ids], 10)).toMatchObject({ id: "e5", index: 6 });
  });

  it("stays at its place when its row is gone, and inside the list", () => {
    expect(settle({ id: "gone", index: 5, top: 0 }, ids, 10)).toMatchObject({ id: "e5" });
    expect(settle({ id: "gone", index: 50, top: 45 }, ids.slice(0, 3), 10)).toEqual({ id: "e2", index: 2, top: 0 });
  });

  it("is always visible, at any height", () => {
    for (const height of [1, 2, 7, 200]) {
      let position = settle(undefined, ids, height);
      for (const by of ["page-down", "half-down", "down", "last", "up", "half-up", "page-up", "first"] as const) {
        position = move(position, by, ids, height);
        expect(position.index).toBeGreaterThanOrEqual(position.top);
        expect(position.index).toBeLessThan(position.top + height);
      }
      expect(position.index).toBe(0);
    }
  });

  it("moves by a page with one row of overlap", () => {
    expect(move(settle(undefined, ids, 10), "page-down", ids, 10)).toMatchObject({ index: 9 });
    expect(move(settle(undefined, ids, 10), "last", ids, 10)).toEqual({ id: "e99", index: 99, top: 90 });
  });
});
