// A machine that was synced from one moment to the next, whose caches, mirrors and server then went away: what a revert has
// to work with on a bad day.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { saveIdentity } from "../../agent/identity.ts";
import { openEndpoint, type TestEndpoint, targetFrom } from "./endpoint.ts";
import type { PackageRecipe } from "./package-archive.ts";
import { openPacmanRoot, type PacmanRoot } from "./pacman-root.ts";
import { openRepository } from "./repository.ts";

const kernel = (version: string): PackageRecipe => ({
  name: "linux",
  version,
  files: { [`usr/lib/modules/${version}/pkgbase`]: "linux\n", "boot/vmlinuz-linux": `kernel ${version}\n` },
});

/** What `pacman -Q` says before the sync. */
export const BEFORE = ["base 1-1", "lib 1-1", "linux 1-1", "old 1-1"];
export const AFTER = ["base 2-1", "lib 2-1", "linux 2-1", "new 1-1"];

export interface SyncedMachine extends AsyncDisposable {
  readonly root: PacmanRoot;
  readonly endpoint: TestEndpoint;
  readonly stateDir: string;
}

export interface SyncedOptions {
  /** Scriptlets of `lib` 1-1, which every revert installs again. */
  readonly install?: string;
}

/** Costs about half a second. The machine is enrolled as `borealis` at a server that is not there. */
export async function openSyncedMachine({ install }: SyncedOptions = {}): Promise<SyncedMachine> {
  const stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "pacpool-synced-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const repository = await openRepository({ directory: join(folder, "core"), name: "core" });
  const scriptlet = install === undefined ? {} : { install };
  await repository.publish([
    { name: "base", version: "1-1", depends: ["lib"] },
    { name: "lib", version: "1-1", files: { "usr/lib/lib": "one\n" }, ...scriptlet },
    { name: "old", version: "1-1" },
    kernel("1-1"),
  ]);
  const machine = { repositories: [repository], installed: ["base", "linux", "old"], explicit: ["base", "old"] };
  const root = stack.use(await openPacmanRoot(machine));
  await repository.publish([
    { name: "base", version: "2-1", depends: ["lib"] },
    { name: "lib", version: "2-1", files: { "usr/lib/lib": "two\n" } },
    { name: "new", version: "1-1" },
    kernel("2-1"),
  ]);
  const source = { repositories: [repository], installed: ["base", "linux", "new"], explicit: ["base"] };
  const other = stack.use(await openPacmanRoot(source));
  const endpoint = stack.use(openEndpoint(root));
  const target = await targetFrom(other, join(folder, "views"), { mode: "mirror" });
  expect(await endpoint.sync(target)).toEqual({ state: "succeeded", problems: [] });
  for (const gone of [root.cacheDir, repository.directory]) {
    for (const file of readdirSync(gone)) rmSync(join(gone, file));
  }
  const identity = { endpointId: "endpoint", name: "borealis", pool: "lab", server: "127.0.0.1:1" };
  await saveIdentity(endpoint.stateDir, { ...identity, ca: "-", key: `ppe_x_${"0".repeat(40)}` });
  const { stateDir } = endpoint;
  return { root, endpoint, stateDir, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
