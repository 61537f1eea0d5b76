// Modules whose bar is gone without a word, while nothing changes that they could fail to print: they end at their next beat.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BEAT_MS } from "../../waybar/pulse.ts";
import { barEnvironment } from "../support/bar-module.ts";
import { eventually } from "../support/eventually.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));
const PATIENCE_MS = BEAT_MS + 10_000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-orphans-"));
  mkdirSync(join(folder, "run/pacpool"), { recursive: true, mode: 0o700 });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A pipe as bars make them; what Node makes for its children is a socket. */
function openPipe() {
  const path = join(folder, "pipe");
  spawnSync("mkfifo", [path]);
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = openSync(path, constants.O_WRONLY);
  const lines = (): string => {
    const bytes = Buffer.alloc(65_536);
    return bytes.toString("utf8", 0, readSync(reading, bytes));
  };
  return { reading, writing, line: (has: string) => eventually("a line", () => lines().includes(has) || undefined) };
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${String(pid)}`);

it("one that nobody reads any more ends by itself", async () => {
  const pipe = openPipe();
  const module = spawn(launcher, ["waybar"], {
    env: barEnvironment(folder),
    stdio: ["ignore", pipe.writing, "inherit"],
  });
  closeSync(pipe.writing);
  await pipe.line("setup");
  expect(isAlive(module.pid ?? 0)).toBe(true);
  closeSync(pipe.reading);
  await eventually("its end", () => module.exitCode !== null || undefined, PATIENCE_MS);
  expect(module.exitCode).toBe(0);
});

it("one whose bar was killed ends by itself, although its pipe is still held open", async () => {
  const pipe = openPipe();
  const bar = spawn("sh", ["-c", '"$1" waybar >&3 & echo $! >&4; wait', "sh", launcher], {
    env: barEnvironment(folder),
    stdio: ["ignore", "ignore", "inherit", pipe.writing, "pipe"],
  });
  let pid = 0;
  bar.stdio[4]?.on("data", (part: Buffer) => (pid = Number(part.toString())));
  await pipe.line("setup");
  expect(isAlive(pid)).toBe(true);
  bar.kill("SIGKILL");
  await eventually("its end", () => !isAlive(pid) || undefined, PATIENCE_MS);
  closeSync(pipe.reading);
  closeSync(pipe.writing);
});
