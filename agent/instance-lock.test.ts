import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openInstanceLock, StateInUseError } from "./instance-lock.ts";

let stateDir = "";

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "pacpool-lock-"));
});

afterEach(() => {
  rmSync(stateDir, { recursive: true });
});

test("a second agent on the same state folder is refused with the pid of the first", async () => {
  await using _first = await openInstanceLock(stateDir);
  const second = openInstanceLock(stateDir);
  await expect(second).rejects.toThrow(StateInUseError);
  await expect(second).rejects.toThrow(`pid ${String(process.pid)}`);
});

test("a lock that a kill left is taken over, also when its pid is in use again", async () => {
  writeFileSync(join(stateDir, "agent.lock.3"), `${String(process.pid)} 1 another-boot\n`);
  await using _lock = await openInstanceLock(stateDir);
  await expect(openInstanceLock(stateDir)).rejects.toThrow(StateInUseError);
});

test("the next agent starts as soon as the one before has ended, and one file is all that stays", async () => {
  for (let start = 0; start < 3; start++) {
    const lock = await openInstanceLock(stateDir);
    await lock[Symbol.asyncDispose]();
  }
  expect(readdirSync(stateDir)).toEqual(["agent.lock.3"]);
});

test("of many starters on a stale lock exactly one gets it", async () => {
  writeFileSync(join(stateDir, "agent.lock.3"), "1 0 old\n");
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => openInstanceLock(stateDir)));
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});
