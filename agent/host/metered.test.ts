import { expect, test } from "vitest";
import { makeMeteredWatch } from "./metered.ts";

const says = (words: string): (() => Promise<boolean>) => makeMeteredWatch(Date.now, ["echo", words]);

test("a connection is metered when NetworkManager says or guesses so", async () => {
  const answers = await Promise.all([0, 1, 2, 3, 4].map((value) => says(`u ${String(value)}`)()));
  expect(answers).toEqual([false, true, false, true, false]);
});

test("a machine that cannot say is not metered", async () => {
  expect(await makeMeteredWatch(Date.now, ["false"])()).toBe(false);
  expect(await makeMeteredWatch(Date.now, ["/nonexistent/busctl"])()).toBe(false);
});

test("one answer holds for some seconds", async () => {
  let nowMs = 0;
  const watch = makeMeteredWatch(() => nowMs, ["sh", "-c", "echo u 1"]);
  const first = watch();
  nowMs = 9_000;
  expect(watch()).toBe(first);
  nowMs = 11_000;
  expect(watch()).not.toBe(first);
  await expect(watch()).resolves.toBe(true);
});
