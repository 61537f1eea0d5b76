// `pacpool revert` on a machine that has nothing left: the server is gone, the network, the caches, and often the agent.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { loadAgentConfig } from "../../agent/config.ts";
import { openInstanceLock } from "../../agent/instance-lock.ts";
import { runAgent } from "../../agent/main.ts";
import { eventually } from "../support/eventually.ts";
import { AFTER, BEFORE, openSyncedMachine, type SyncedMachine } from "../support/synced-machine.ts";
import { openPerson, type Person } from "./run-pacpool.ts";

/** Nobody listens there. */
const AWAY = { server: "127.0.0.1:1", key: `ppk_a_${"0".repeat(40)}` };
const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

const children = new Set<number>();
afterEach(() => {
  for (const pid of children) kill(pid);
  children.clear();
});

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

function personAt({ root, stateDir }: SyncedMachine, more: object = {}): Person {
  const env = { PACPOOL_STATE_DIR: stateDir, PACPOOL_RUN_DIR: join(stateDir, "run"), ...more };
  return openPerson({ ...AWAY, env: { ...env, PACPOOL_PACMAN_CONFIG: root.configFile } });
}

async function expectBefore({ root }: SyncedMachine): Promise<void> {
  expect(await root.query()).toEqual(BEFORE);
  expect(await root.explicit()).toEqual(["base", "old"]);
  expect(await root.complaints()).toEqual([]);
  expect(root.read("boot/vmlinuz-linux")).toBe("kernel 1-1\n");
}

test("without agent, server, network and caches a revert shows its plan, runs it and proves it", async () => {
  await using machine = await openSyncedMachine();
  using person = personAt(machine);
  expect(await person.json("revert", "--list")).toMatchObject([
    { packages: 4, changes: 5, missingFiles: [], next: true, targetRevision: 1, revert: false },
  ]);
  expect(await person.json("plan", "--revert", "--offline")).toMatchObject({ endpoint: "borealis", revert: true });
  const { code, stdout, stderr } = await person.pacpool("revert", "--yes");
  expect(stderr).toContain("Without the server");
  expect(stdout).toContain("borealis: 1 remove, 3 downgrade, 1 install");
  expect(stdout).toContain("borealis: succeeded");
  expect(code).toBe(0);
  await expectBefore(machine);
  // What was returned to is where one is.
  expect(await person.pacpool("revert", "--yes", "--offline")).toMatchObject({ code: 4 });
});

test("a revert without --yes and without a terminal changes nothing", async () => {
  await using machine = await openSyncedMachine();
  using person = personAt(machine);
  expect((await person.pacpool("revert")).code).toBe(2);
  expect(await machine.root.query()).toEqual(AFTER);
});

test("the agent of the machine reverts it while the server is away", async () => {
  await using machine = await openSyncedMachine();
  const { stateDir, root } = machine;
  using person = personAt(machine);
  const stop = new AbortController();
  const surroundings = { userId: 0, home: "/nonexistent", environment: {} };
  const config = loadAgentConfig({ stateDir, pacmanConfig: root.configFile }, surroundings);
  const log = pino({ level: "silent" });
  const running = runAgent({ config, version: "test", signal: stop.signal, log });
  await eventually("the agent's socket", () => existsSync(join(stateDir, "run/agent.sock")));
  try {
    // Nothing was delivered to it, so there is nothing to differ from; it answers all the same.
    expect(await person.json("diff")).toEqual([]);
    expect(await person.json("revert", "--list")).toMatchObject([{ next: true, missingFiles: [] }]);
    const ended = await person.json("revert", "--yes");
    expect(ended).toMatchObject([{ endpoint: "borealis", outcome: "succeeded", revert: true, problems: [] }]);
  } finally {
    stop.abort();
    await running;
  }
  await expectBefore(machine);
});

test("an agent that lives and does not answer keeps everybody else off its machine", async () => {
  await using machine = await openSyncedMachine();
  using person = personAt(machine);
  await using _lock = await openInstanceLock(machine.stateDir);
  const { code, stderr } = await person.pacpool("revert", "--yes", "--offline");
  expect(code).toBe(4);
  expect(stderr).toContain("does not answer");
  expect(await machine.root.query()).toEqual(AFTER);
});

test("a system that does not boot is reverted below the folder where it is mounted", async () => {
  await using machine = await openSyncedMachine();
  const { rootDir } = machine.root;
  const options = ["[options]", "Architecture = x86_64", "SigLevel = Never", "[core]", "Server = file:///srv", ""];
  writeFileSync(join(rootDir, "etc/pacman.conf"), options.join("\n"));
  mkdirSync(join(rootDir, "var/lib"), { recursive: true });
  renameSync(machine.stateDir, join(rootDir, "var/lib/pacpool"));
  // The rescue system knows no server, no key and no agent.
  using person = openPerson();
  expect(await person.json("revert", "--root", rootDir, "--list")).toMatchObject([{ next: true, missingFiles: [] }]);
  const ended = await person.json("revert", "--root", rootDir, "--yes");
  expect(ended).toMatchObject([{ endpoint: "borealis", outcome: "succeeded" }]);
  await expectBefore(machine);
  expect((await person.pacpool("revert", "--root", "/", "--yes")).code).toBe(2);
});

/** The scriptlet says that it runs and waits until the test lets it go on. */
const WAITS = "post_upgrade() { : > /tmp/reached; read line < /tmp/gate; }\n";

/** Starts a revert and resolves while pacman is in the middle of it. */
async function startRevert({ root }: SyncedMachine, { env }: Person): Promise<number> {
  execFileSync(join(root.rootDir, "usr/bin/busybox"), ["mkfifo", join(root.rootDir, "tmp/gate")]);
  const words = ["revert", "--yes", "--offline"];
  const child = spawn(launcher, words, { env, detached: true, stdio: "ignore" });
  const pid = child.pid ?? 0;
  children.add(pid);
  await eventually("the scriptlet", () => existsSync(join(root.rootDir, "tmp/reached")), 20_000);
  return pid;
}

test("a terminal that is killed does not end the revert: the next run proves it and goes no step further back", async () => {
  await using machine = await openSyncedMachine({ install: WAITS });
  using person = personAt(machine);
  kill(await startRevert(machine, person));
  await writeFile(join(machine.root.rootDir, "tmp/gate"), "go\n");
  const { code, stderr } = await person.pacpool("revert", "--yes", "--offline");
  expect(stderr).toContain("An earlier revert of borealis was cut off: now it is succeeded.");
  expect(code).toBe(0);
  await expectBefore(machine);
});

test("a revert whose pacman was killed as well is finished by the next run", async () => {
  await using machine = await openSyncedMachine({ install: WAITS });
  using person = personAt(machine);
  kill(await startRevert(machine, person));
  const run = globSync(join(machine.stateDir, "operations/*/runs/*")).find((one) => !existsSync(join(one, "exit")));
  const shell = readFileSync(join(run ?? "", "shell"), "utf8");
  // The whole session, scriptlet included.
  process.kill(-Number.parseInt(shell, 10), "SIGKILL");
  // From now on nobody waits.
  const gate = join(machine.root.rootDir, "tmp/gate");
  rmSync(gate);
  writeFileSync(gate, "go\n");
  const { code, stderr, stdout } = await person.pacpool("revert", "--yes", "--offline");
  expect(stderr).toContain("now it is interrupted");
  expect(stdout).toContain("borealis: succeeded");
  expect(code).toBe(0);
  await expectBefore(machine);
});
