import { expect, it } from "vitest";
import { shareReads } from "./share-reads.ts";

it("reads once for all that ask in one turn, and again for who asks after the read began", async () => {
  const shared = shareReads<number>();
  let reads = 0;
  const begun = Promise.withResolvers<void>();
  const slow = async () => {
    reads += 1;
    const mine = reads;
    begun.resolve();
    await new Promise(setImmediate);
    return mine;
  };
  const together = Promise.all([shared("a", slow), shared("a", slow), shared("a", slow)]);
  await begun.promise;
  const late = shared("a", slow);
  expect(await together).toEqual([1, 1, 1]);
  expect(await late).toBe(2);
  await expect(shared("b", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await shared("b", () => Promise.resolve(7))).toBe(7);
});
