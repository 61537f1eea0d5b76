// The README's first evening on two machines in folders: init on one, join on the other, and they are in sync. Real server
// with its own database, real agents, real pacman, everything started by the verbs themselves.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot } from "../support/pacman-root.ts";
import { openRepository, type Repository } from "../support/repository.ts";
import { openPerson, type Person } from "./run-pacpool.ts";

const OLD: readonly PackageRecipe[] = [
  { name: "base", version: "1-1", depends: ["tool"] },
  { name: "tool", version: "1.0-1" },
];
const NEW: readonly PackageRecipe[] = [
  { name: "base", version: "1-1", depends: ["tool"] },
  { name: "tool", version: "1.1-1" },
];

let folder = "";
let core: Repository;
let roots: readonly [PacmanRoot, PacmanRoot];
let first: Person;
let second: Person;
let init: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-evening-"));
  // The embedded database runs as a user of its own.
  chmodSync(folder, 0o711);
  core = await openRepository({ directory: join(folder, "core"), name: "core", packages: OLD });
  const behind = await openPacmanRoot({ repositories: [core], installed: ["base"] });
  await core.publish(NEW);
  const current = await openPacmanRoot({ repositories: [core], installed: ["base"] });
  roots = [current, behind];
  first = openPerson({ env: { PACPOOL_STATE_DIR: "", PACPOOL_RUN_DIR: "" } });
  second = openPerson({ env: { PACPOOL_STATE_DIR: "", PACPOOL_RUN_DIR: "" } });
  const listen = `127.0.0.1:${String(await freePort())}`;
  const aim = ["--state-dir", join(folder, "atlas"), "--pacman-config", current.configFile];
  init = ["init", "--name", "atlas", "--listen", listen, "--ops-listen", "off", ...aim];
});

afterAll(async () => {
  for (const name of ["borealis/agent", "atlas/agent", "atlas/server"]) await end(join(folder, `${name}.pid`));
  for (const root of roots) await root[Symbol.asyncDispose]();
  for (const person of [first, second]) person[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("init makes the first machine and its target, and join brings the next one in sync", async () => {
  const made = await first.pacpool(...init);
  expect(made.stderr).toContain("Made pool main.");
  expect(made.code).toBe(0);
  expect(await statusBecomes(first, "atlas", "in-sync")).toMatchObject({ name: "atlas", pool: "main", online: true });

  const [line = ""] = made.stdout.trim().split("\n").slice(-1);
  expect(line).toMatch(/^pacpool join 127\.0\.0\.1:\d+\/[\w-]{43}\/ppt_/);
  const words = line.split(" ").slice(1);
  const before = await roots[1].query();
  const aim = ["--state-dir", join(folder, "borealis"), "--pacman-config", roots[1].configFile];
  const joined = await second.pacpool(...words, "--name", "borealis", ...aim);
  expect(joined.stderr).toContain("pacpool status, pacpool plan");
  expect(joined.code).toBe(0);
  expect(await roots[1].query()).toEqual(before);

  // Without a key of its own the second machine still knows how it stands, from its own agent.
  const local = await eventually("the target on borealis", async () => {
    const status = (await second.json("status")) as { readonly status: string };
    return status.status === "behind" ? status : undefined;
  });
  expect(local).toMatchObject({ name: "borealis", pool: "main", older: 1 });
  expect(await second.json("plan")).toMatchObject({ upgrade: [{ name: "tool", toVersion: "1.1-1" }] });

  await statusBecomes(first, "borealis", "behind");
  const synced = await first.pacpool("sync", "--pool", "main", "--yes");
  expect(synced.stdout).toContain("borealis: succeeded");
  expect(synced.code).toBe(0);
  expect(await roots[1].query()).toEqual(await roots[0].query());

  const reverted = await first.pacpool("revert", "--endpoint", "borealis", "--yes");
  expect([reverted.stderr, reverted.code]).toEqual([expect.any(String), 0]);
  expect(await roots[1].query()).toEqual(before);
});

test("init again says what exists and goes on", async () => {
  const again = await first.pacpool(...init);
  expect(again.stderr).toContain("The server runs already");
  expect(again.stderr).toContain("enrolled already as atlas");
  expect(again.stderr).toContain("has target 1 already");
  expect(again.code).toBe(0);
});

test("a used code is refused with 5, and another server's fingerprint too", async () => {
  const { joinCode } = (await first.json("token", "create")) as { readonly joinCode: string };
  const [address = "", fingerprint = "", token = ""] = joinCode.split("/");
  using third = openPerson();
  const aim = ["--state-dir", join(folder, "third"), "--no-start"];
  const forged = `${address}/${fingerprint.replace(/^./, (one) => (one === "A" ? "B" : "A"))}/${token}`;
  const mistrusted = await third.pacpool("join", forged, "--name", "third", ...aim);
  expect(mistrusted.stderr).toContain("not the one of the join code");
  expect(mistrusted.code).toBe(5);
  expect(existsSync(join(folder, "third/identity.json"))).toBe(false);
  expect((await third.pacpool("join", joinCode, "--name", "third", ...aim)).code).toBe(0);
  using fourth = openPerson();
  const used = await fourth.pacpool(
    "join",
    joinCode,
    "--name",
    "fourth",
    "--state-dir",
    join(folder, "fourth"),
    "--no-start",
  );
  expect(used.code).toBe(5);
});

test("update upgrades this machine by its own pacman and makes that moment the target", async () => {
  await core.publish([
    { name: "base", version: "1-1", depends: ["tool"] },
    { name: "tool", version: "1.2-1" },
  ]);
  const updated = await first.pacpool("update", "--message", "June", "--yes");
  expect([updated.stderr, updated.code]).toEqual([expect.any(String), 0]);
  expect(await roots[0].query()).toContain("tool 1.2-1");
  expect(await first.json("target", "show", "main")).toMatchObject({ revision: 2, message: "June", source: "atlas" });
  await statusBecomes(first, "atlas", "in-sync");
});

test("a pool's revert brings the target before back, and every machine that had followed", async () => {
  await statusBecomes(first, "borealis", "behind");
  expect((await first.pacpool("sync", "--pool", "main", "--yes")).code).toBe(0);
  expect(await roots[1].query()).toContain("tool 1.2-1");
  const reverted = await first.pacpool("revert", "--pool", "main", "--message", "too new", "--yes");
  expect(reverted.stderr).toContain("Target 1 becomes the newest of pool main again");
  expect(reverted.code).toBe(0);
  expect(await roots[1].query()).toContain("tool 1.0-1");
  expect(await first.json("target", "history", "main")).toMatchObject([
    { revision: 3, restoresRevision: 1, bad: false },
    { revision: 2, bad: true },
    { revision: 1, bad: false },
  ]);
});

test("an update that is not proven becomes no target, and can be taken back", async () => {
  await core.publish([
    { name: "base", version: "1-1", depends: ["tool"] },
    { name: "tool", version: "1.3-1" },
  ]);
  const before = await roots[0].query();
  const hook = ["[Trigger]", "Operation = Upgrade", "Type = Package", "Target = tool", "[Action]"];
  const fails = ["When = PostTransaction", "Exec = /usr/bin/sh -c 'exit 1'", ""];
  const file = join(roots[0].hookDir, "90-fails.hook");
  writeFileSync(file, [...hook, ...fails].join("\n"));
  const updated = await first.pacpool("update", "--yes");
  expect(updated.stderr).toContain("No target was taken");
  expect(updated.code).toBe(1);
  expect(await roots[0].query()).toContain("tool 1.3-1");
  expect(await first.json("target", "show", "main")).toMatchObject({ revision: 3 });
  rmSync(file);
  expect((await first.pacpool("revert", "--yes")).code).toBe(0);
  expect(await roots[0].query()).toEqual(before);
});

/** The server compares in its own time after a report. */
function statusBecomes(person: Person, endpoint: string, wanted: string): Promise<unknown> {
  return eventually(`${endpoint} to be ${wanted}`, async () => {
    const status = (await person.json("status", endpoint)) as { readonly status: string };
    return status.status === wanted ? status : undefined;
  });
}

async function end(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8"));
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    return;
  }
  await eventually(`the end of process ${String(pid)}`, () => !existsSync(`/proc/${String(pid)}`), 20_000);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  if (address === null || typeof address === "string") throw new Error("asking the kernel for a free port failed");
  return address.port;
}
