// Reading the machine: what pacpool finds without pacman equals what pacman says, and changes are noticed.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openInstallationReader } from "../../agent/installation.ts";
import { readConfiguration } from "../../agent/pacman/configuration.ts";
import { readLog } from "../../agent/pacman/log.ts";
import { planRun, startDetached, stateOfRun, survivorsOf, waitForRun } from "../../agent/pacman/process.ts";
import { watchDatabase } from "../../agent/pacman/watch.ts";
import { eventually } from "../support/eventually.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot } from "../support/pacman-root.ts";
import { openRepository, type Repository, sha256Of } from "../support/repository.ts";

const recipes: readonly PackageRecipe[] = [
  { name: "base", version: "1-1", depends: ["libfoo"] },
  { name: "libfoo", version: "1:2.0-1", architecture: "x86_64", provides: ["libfoo.so=1-64"] },
  { name: "grouped", version: "1-1", groups: ["tools"] },
  { name: "linux-lts", version: "6-1" },
  { name: "meta", version: "1-1", files: {} },
];

let folder: string;
let repository: Repository;
let root: PacmanRoot;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-read-"));
  repository = await openRepository({ directory: join(folder, "core"), name: "core", packages: recipes });
  root = await openPacmanRoot({
    repositories: [repository],
    installed: ["base", "grouped", "linux-lts", "meta"],
    foreign: [{ name: "mine", version: "3-1" }],
    settings: ["IgnorePkg = linux*", "IgnoreGroup = too?s", "HoldPkg = base", "NoUpgrade = etc/keep"],
  });
});
afterAll(async () => {
  await root[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("names, versions, reasons and foreign packages equal pacman's own answers", async () => {
  const { local, foreign, held, own } = await openInstallationReader(root.configFile).read();
  expect(local.set.packages.map(({ name, version }) => `${name} ${version}`)).toEqual(await root.query());
  const explicit = local.set.packages.filter(({ reason }) => reason === "explicit").map(({ name }) => name);
  expect(explicit).toEqual(await root.explicit());
  expect([...foreign]).toEqual((await root.pacman("-Qqm")).trim().split("\n"));
  expect(held).toEqual(["grouped", "linux-lts"]);
  expect(local.torn).toEqual([]);
  expect(own.view).toMatchObject({ architecture: "x86_64", class: "x86_64:core" });
  expect(own.view.databases).toEqual([
    expect.objectContaining({ repository: "core", sha256: sha256Of(join(root.dbPath, "sync/core.db")) }),
  ]);
});

test("the configuration is what pacman-conf resolves, and a mistake in it is told in pacman's words", async () => {
  const included = join(folder, "mirrors");
  const file = join(folder, "included.conf");
  writeFileSync(included, "Server = http://127.0.0.1:9/$repo/$arch/\n");
  writeFileSync(
    file,
    `[options]\nArchitecture = x86_64\nSigLevel = Required\n[extra]\nSigLevel = Never\nInclude = ${included}\n[core]\nInclude = ${included}\n`,
  );
  const configuration = await readConfiguration(file);
  expect(configuration.repositories).toMatchObject([
    { name: "extra", servers: ["http://127.0.0.1:9/extra/x86_64"], signatures: "never" },
    { name: "core", servers: ["http://127.0.0.1:9/core/x86_64"], signatures: "required" },
  ]);
  writeFileSync(file, "[options]\nSigLevel = Sometimes\n");
  await expect(readConfiguration(file)).rejects.toThrow(/included\.conf.*Sometimes/s);
});

test("every change of packages is noticed once pacman has let its lock go", async () => {
  const stop = new AbortController();
  let changes = 0;
  watchDatabase(root.dbPath, () => changes++, stop.signal);
  for (const command of [
    ["-D", "--asdeps", "meta"],
    ["-D", "--asexplicit", "meta"],
    ["-R", "--noconfirm", "meta"],
    ["-S", "--noconfirm", "meta"],
  ]) {
    const seen = changes;
    await root.pacman(...command);
    await eventually(`a change by pacman ${command.join(" ")}`, () => changes > seen || undefined);
  }
  stop.abort();
});

test("pacman's log tells how transactions ended, from an offset on", async () => {
  const start = readLog(root.logFile, 0).end;
  await root.pacman("-S", "--noconfirm", "meta");
  const excerpt = readLog(root.logFile, start);
  expect(excerpt.transactions).toEqual(["completed"]);
  expect(excerpt.changes).toEqual(["reinstalled meta (1-1)"]);
  appendFileSync(root.logFile, "[2026-01-01T00:00:00+0000] [ALPM] transaction started\n");
  expect(readLog(root.logFile, excerpt.end).transactions).toEqual(["open"]);
});

test("a detached command is found again by its folder alone, killed or finished", async () => {
  const run = planRun(join(folder, "run"));
  expect(stateOfRun(run)).toEqual({ kind: "vanished" });
  await startDetached(run, ["sh", "-c", "echo said; exit 7"]);
  let said = "";
  expect(await waitForRun({ ...run }, { onOutput: (text) => void (said += text) })).toEqual({
    kind: "exited",
    code: 7,
  });
  expect(said).toBe("said\n");
  const killed = planRun(join(folder, "killed"));
  await startDetached(killed, ["sleep", "60"]);
  expect(stateOfRun({ ...killed })).toEqual({ kind: "running" });
  for (const pid of survivorsOf(killed)) process.kill(pid, "SIGKILL");
  const state = await waitForRun(killed);
  expect(["vanished", "exited"]).toContain(state.kind);
  expect(survivorsOf({ ...killed, bootId: "another boot" })).toEqual([]);
});
