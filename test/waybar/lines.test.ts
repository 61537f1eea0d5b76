// The lines of the built program about pools, while a real server comes and goes.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openConnection } from "../../rpc/connection.ts";
import { eventually } from "../support/eventually.ts";
import { type ServerProcess, startServerProcess } from "../support/server-process.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

interface Line {
  readonly text: string;
  readonly alt: string;
  readonly class: readonly string[];
  readonly tooltip: string;
}

let folder: string;
let stateDir: string;
let server: ServerProcess;
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-lines-"));
  stateDir = mkdtempSync(join(tmpdir(), "pacpool-lines-state-"));
  server = await startServerProcess(stateDir);
  writeFileSync(join(folder, "ca.pem"), server.ca);
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  for (const one of [folder, stateDir]) rmSync(one, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PACPOOL|XDG)_/.test(name));
  const home = { HOME: folder, XDG_CACHE_HOME: join(folder, "cache"), XDG_CONFIG_HOME: join(folder, "config") };
  return {
    ...Object.fromEntries(inherited),
    ...home,
    PACPOOL_SERVER: server.address,
    PACPOOL_CA: join(folder, "ca.pem"),
    PACPOOL_KEY: server.adminKey,
    ...more,
  };
}

function startModule(...args: readonly string[]): {
  readonly child: ChildProcess;
  readonly lines: () => readonly Line[];
} {
  const child = spawn(launcher, ["waybar", ...args], { env: environment(), stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  const lines = () => text.split("\n").filter((line) => line !== "");
  return { child, lines: () => lines().map((line) => JSON.parse(line) as Line) };
}

async function printOnce(
  env: NodeJS.ProcessEnv,
  ...args: readonly string[]
): Promise<{ readonly line: Line; readonly code: number }> {
  const child = spawn(launcher, ["waybar", "--once", ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  const [code] = (await once(child, "close")) as [number];
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  return { line: JSON.parse(text) as Line, code };
}

it("tells every change of the fleet, keeps what it knows while the server is gone, and comes back by itself", async () => {
  using admin = openConnection({ address: server.address, ca: server.ca, key: server.adminKey });
  await admin.pools.createPool({ name: "desks" });
  const module = startModule("--fleet");
  await eventually("a line about the pool", () => module.lines().at(-1)?.tooltip.includes("desks") || undefined);
  await admin.pools.createPool({ name: "racks" });
  await eventually("a line about the new pool", () => module.lines().at(-1)?.tooltip.includes("racks") || undefined);

  await server.end("SIGKILL");
  const gone = await eventually("a line that says so", () => module.lines().find(({ alt }) => alt === "offline"));
  expect(gone.tooltip).toContain("racks");
  expect(gone.tooltip).toContain("not reachable");
  const kept = await printOnce(environment(), "--fleet");
  expect(kept).toMatchObject({ code: 0, line: { alt: "offline" } });
  expect(kept.line.tooltip).toContain("racks");

  server = await startServerProcess(stateDir, server.address);
  await eventually(
    "a line from the new server",
    () => (module.lines().at(-1)?.alt === "offline" ? undefined : true),
    60_000,
  );
  expect(module.child.exitCode).toBeNull();
});

it("ends when its reader is gone", async () => {
  const module = startModule("--fleet");
  await eventually("a first line", () => module.lines().at(-1));
  const ended = once(module.child, "exit");
  module.child.stdout?.destroy();
  using admin = openConnection({ address: server.address, ca: server.ca, key: server.adminKey });
  await admin.pools.createPool({ name: "shelves" });
  const [code] = (await ended) as [number];
  expect(code).toBe(0);
});

it("with a wrong key says so in a line and exits 0", async () => {
  const wrong = environment({
    PACPOOL_KEY: `ppk_${"0".repeat(16)}_${"0".repeat(40)}`,
    XDG_CACHE_HOME: join(folder, "empty"),
  });
  const { line, code } = await printOnce(wrong, "--fleet");
  expect(code).toBe(0);
  expect(line.class).toContain("unknown");
  expect(line.tooltip).toContain("key");
});

it("with a wrong argument exits 2 and prints no line", async () => {
  const child = spawn(launcher, ["waybar", "--frob"], { env: environment(), stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  const [code] = (await once(child, "close")) as [number];
  expect([code, text]).toEqual([2, ""]);
});
