import { describe, expect, it } from "vitest";
import type { PoolMoves } from "../operations/read-moves.ts";
import { WakeBoard } from "./wake-board.ts";

function open() {
  const woken: string[] = [];
  const moves = { revision: 0, targetRevision: 0, endpoints: new Map<string, boolean>() };
  let reads = 0;
  const board = new WakeBoard({
    readMoves: async (): Promise<PoolMoves> => {
      reads += 1;
      return { ...moves };
    },
    onError: (error) => {
      throw error;
    },
  });
  const rest = () => new Promise(setImmediate);
  const follow = (id: string, poolId = "pool") => board.follow(id, poolId, () => void woken.push(id));
  return { board, moves, woken, rest, follow, reads: () => reads };
}

describe("the wake board", () => {
  it("wakes everybody of a pool at its first ring, then only those that something happened to", async () => {
    const { board, moves, woken, rest, follow } = open();
    follow("a");
    follow("b");
    follow("other", "elsewhere");
    board.ring("pool");
    await rest();
    expect(woken.splice(0).toSorted()).toEqual(["a", "b"]);
    Object.assign(moves, { revision: 2, endpoints: new Map([["b", true]]) });
    board.ring("pool");
    await rest();
    expect(woken).toEqual(["b"]);
  });

  it("wakes everybody of the pool when its target is another", async () => {
    const { board, moves, woken, rest, follow } = open();
    follow("a");
    follow("b");
    board.ring("pool");
    await rest();
    woken.length = 0;
    Object.assign(moves, { revision: 3, targetRevision: 1 });
    board.ring("pool");
    await rest();
    expect(woken.toSorted()).toEqual(["a", "b"]);
  });

  it("looks once more for any number of rings during a look", async () => {
    const { board, rest, follow, reads } = open();
    follow("a");
    for (let at = 0; at < 100; at += 1) {
      board.ring("pool");
    }
    await rest();
    expect(reads()).toBe(2);
  });

  it("wakes an endpoint that moved, and from then on with its new pool", async () => {
    const { board, moves, woken, rest, follow } = open();
    follow("a");
    board.ring("elsewhere");
    await rest();
    expect(woken).toEqual([]);
    Object.assign(moves, { revision: 1, endpoints: new Map([["a", true]]) });
    board.ring("elsewhere");
    await rest();
    Object.assign(moves, { revision: 2, targetRevision: 1, endpoints: new Map() });
    board.ring("elsewhere");
    await rest();
    expect(woken).toEqual(["a", "a"]);
  });

  it("forgets a stream that ended", async () => {
    const { board, woken, rest, follow } = open();
    follow("a")[Symbol.dispose]();
    board.ring("pool");
    await rest();
    expect(woken).toEqual([]);
  });
});
