import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clearScratch, makeScratchFolder, removeScratchFolder } from "./memory-folder.ts";

let scratchDir: string;
beforeEach(() => {
  scratchDir = join(mkdtempSync(join(tmpdir(), "pacpool-scratch-")), "scratch");
});
afterEach(() => rmSync(join(scratchDir, ".."), { recursive: true, force: true }));

test("a folder that is removed leaves nothing, wherever it was", () => {
  const folder = makeScratchFolder(scratchDir);
  writeFileSync(join(folder, "file"), "x");
  expect(readdirSync(scratchDir)).toHaveLength(1);
  removeScratchFolder(folder, scratchDir);
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(scratchDir)).toEqual([]);
});

test("what a kill left is found again and cleared", () => {
  const folders = [makeScratchFolder(scratchDir), makeScratchFolder(scratchDir)];
  clearScratch(scratchDir);
  expect([...folders, scratchDir].filter((one) => existsSync(one))).toEqual([]);
  // Nothing there is nothing to clear.
  clearScratch(scratchDir);
});
