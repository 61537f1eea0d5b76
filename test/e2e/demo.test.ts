import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";

const demo = fileURLToPath(new URL("../worlds/demo/main.ts", import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function startDemo(): Running {
  const child = spawn(process.execPath, [demo], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  }
  return { child, output: () => text };
}

/** Folders that demos of this process left. */
function folders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("pacpool-demo-"));
}

/** Processes that work in one of those folders. */
function processesIn(folder: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder);
    } catch {
      return false;
    }
  });
}

test("the story plays to its end: machines in sync, ahead by hand, and back, and pacman confirms every act", async () => {
  const before = new Set(folders());
  const { child, output } = startDemo();
  const [code] = (await once(child, "exit")) as [number | null];
  expect(output()).toContain("pacman confirms every act");
  expect(code).toBe(0);
  expect(folders().filter((folder) => !before.has(folder))).toEqual([]);
}, 180_000);

test("Ctrl-C in the middle stops everything and leaves nothing", async () => {
  const before = new Set(folders());
  const { child, output } = startDemo();
  await eventually("the machines to enrol", () => output().includes("machines enrolled") || undefined, 60_000);
  const mine = folders().filter((folder) => !before.has(folder));
  expect(mine).toHaveLength(1);
  child.kill("SIGINT");
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(130);
  expect(folders().filter((folder) => !before.has(folder))).toEqual([]);
  expect(processesIn(mine[0] ?? "")).toEqual([]);
}, 120_000);
