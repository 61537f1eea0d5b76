// Several copies of the module, one for each monitor, on one real server: never a connection each.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openConnection } from "../../rpc/connection.ts";
import { type BarModule, barEnvironment, connectedTo, printBarOnce, startBarModule } from "../support/bar-module.ts";
import { eventually } from "../support/eventually.ts";
import { type ServerProcess, startServerProcess } from "../support/server-process.ts";

let folder: string;
let stateDir: string;
let server: ServerProcess;
let port: number;
const started: BarModule[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-share-"));
  stateDir = mkdtempSync(join(tmpdir(), "pacpool-share-state-"));
  mkdirSync(join(folder, "run"), { mode: 0o700 });
  server = await startServerProcess(stateDir);
  port = Number(server.address.split(":").at(-1));
  writeFileSync(join(folder, "ca.pem"), server.ca);
});

afterEach(() => {
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  for (const one of [folder, stateDir]) rmSync(one, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function environment(): NodeJS.ProcessEnv {
  const way = { PACPOOL_SERVER: server.address, PACPOOL_CA: join(folder, "ca.pem"), PACPOOL_KEY: server.adminKey };
  return barEnvironment(folder, way);
}

function startMany(count: number, ...args: readonly string[]): readonly BarModule[] {
  const modules = Array.from({ length: count }, () => startBarModule(environment(), ...args));
  started.push(...modules);
  return modules;
}

const leadersOf = (modules: readonly BarModule[]) =>
  connectedTo(
    port,
    modules.map(({ pid }) => pid),
  );

async function createPool(name: string): Promise<void> {
  using admin = openConnection({ address: server.address, ca: server.ca, key: server.adminKey });
  await admin.pools.createPool({ name });
}

function allShow(modules: readonly BarModule[], name: string): Promise<boolean> {
  return eventually(`every bar to show ${name}`, () =>
    modules.every((module) => module.last()?.tooltip.includes(name)) ? true : undefined,
  );
}

it("bars that start together have one connection, and another takes over when the one that has it is killed", async () => {
  await createPool("desks");
  const modules = startMany(4, "--fleet");
  await allShow(modules, "desks");
  expect(leadersOf(modules)).toHaveLength(1);

  const [leader] = leadersOf(modules);
  modules.find(({ pid }) => pid === leader)?.child.kill("SIGKILL");
  const rest = modules.filter(({ pid }) => pid !== leader);
  await createPool("racks");
  await allShow(rest, "racks");
  expect(leadersOf(rest)).toHaveLength(1);

  // A bar that is killed with all its modules leaves the place where they met behind.
  for (const { child } of rest) child.kill("SIGKILL");
  const again = startMany(3, "--fleet");
  await allShow(again, "racks");
  expect(leadersOf(again)).toHaveLength(1);
  expect(again.map(({ complaints }) => complaints()).join("")).toBe("");
});

it("a bar that asks now and then is told by the one that follows, and makes no connection of its own", async () => {
  const [module] = startMany(1, "--fleet");
  await eventually("a first line", () => module?.last());
  process.kill(server.pid, "SIGSTOP");
  try {
    const { line, code } = await printBarOnce(environment(), "--fleet");
    expect(code).toBe(0);
    expect(line?.text).toBe(module?.last()?.text);
  } finally {
    process.kill(server.pid, "SIGCONT");
  }
});

it("bars with another question or another key do not listen to each other", async () => {
  await createPool("shelves");
  const modules = [...startMany(1, "--fleet"), ...startMany(2, "--pool", "shelves")];
  await allShow(modules, "shelves");
  expect(leadersOf(modules)).toHaveLength(2);
  const stranger = startBarModule(
    { ...environment(), PACPOOL_KEY: `ppk_${"0".repeat(16)}_${"0".repeat(40)}` },
    "--fleet",
  );
  started.push(stranger);
  const line = await eventually("a line", () => stranger.last());
  expect(line).toMatchObject({ shown: "! key", alt: "error" });
});
