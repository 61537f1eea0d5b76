import { expect, it } from "vitest";
import { SYNC_STATUSES, type SyncStatus } from "../../domain/drift/sync-status.ts";
import type { PoolRecord } from "../operations/records.ts";
import { poolStandings } from "./pool-standings.ts";

const counts = Object.fromEntries(SYNC_STATUSES.map((status) => [status, 1])) as Record<SyncStatus, number>;

function open() {
  const world = { revision: 1, nowMs: 0, reads: 0, endpoints: 9, isGone: false };
  const ask = poolStandings({
    readPool: async (poolId) => {
      world.reads += 1;
      if (world.isGone) throw new Error("gone");
      const { endpoints } = world;
      return {
        id: poolId,
        name: "lab",
        endpoints,
        online: 4,
        counts,
        staleAfterDays: 30,
        upstream: undefined,
      } as PoolRecord;
    },
    revisionOf: () => world.revision,
    nowMs: () => world.nowMs,
  });
  return { world, ask };
}

it("tells every agent of a pool from one reading, and none of them twice", async () => {
  const { world, ask } = open();
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask("p", undefined)));
  expect(answers.every((one) => one?.standing.endpoints === 9)).toBe(true);
  expect(answers[0]?.standing).toMatchObject({ pool: "lab", staleAfterDays: 30 });
  expect(await ask("p", answers[0]?.mark)).toBeUndefined();
  expect(world.reads).toBe(1);
});

it("reads a pool that moves all the time once in five seconds", async () => {
  const { world, ask } = open();
  let told = (await ask("p", undefined))?.mark;
  for (let second = 1; second <= 10; second += 1) {
    Object.assign(world, { revision: second + 1, nowMs: second * 1_000, endpoints: second });
    const answer = await ask("p", told);
    told = answer?.mark ?? told;
  }
  expect(world.reads).toBe(3);
  expect(told).toBe(11);
});

it("forgets a reading that failed", async () => {
  const { world, ask } = open();
  world.isGone = true;
  await expect(ask("p", undefined)).rejects.toThrow("gone");
  world.isGone = false;
  expect((await ask("p", undefined))?.standing.endpoints).toBe(9);
});
