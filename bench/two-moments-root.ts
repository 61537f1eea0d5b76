// A machine of 1,500 packages on real pacman whose repository has two moments, 300 packages apart: what a plan and a sync of
// a usual month weigh. In memory where the system has such a file system, so that disks do not disturb.
import { copyFileSync, existsSync, linkSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeliveredTarget } from "../agent/machine.ts";
import { databaseFileOf } from "../agent/pacman/sync-databases.ts";
import { targetFrom } from "../test/support/endpoint.ts";
import type { PackageRecipe } from "../test/support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot } from "../test/support/pacman-root.ts";
import { openRepository } from "../test/support/repository.ts";
import { nameOf } from "./large-root.ts";

export const PACKAGES = 1_500;
export const CHANGES = 300;
const FILES_OF_A_CHANGE = 40;

export interface TwoMoments extends AsyncDisposable {
  /** Machines that start in the first moment. */
  readonly roots: readonly PacmanRoot[];
  readonly targets: readonly [DeliveredTarget, DeliveredTarget];
  /** The names of what moves. */
  readonly changing: readonly string[];
  /** Puts a moment's database where pacman looks, as -Sy does. */
  place(root: PacmanRoot, moment: number): void;
}

/** `machines` roots with the same packages; a minute or less. */
export async function openTwoMoments(machines: number): Promise<TwoMoments> {
  const directory = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "pacpool-moments-"));
  // State folders as well.
  const usual = process.env["TMPDIR"];
  process.env["TMPDIR"] = directory;
  const repository = await openRepository({ directory: join(directory, "extra"), name: "extra" });
  await repository.publish(recipesOf(1));
  const source = await openPacmanRoot({ directory: join(directory, "source"), repositories: [repository] });
  const roots: PacmanRoot[] = [];
  for (let index = 0; index < machines; index += 1) {
    const folder = join(directory, `machine${index}`);
    const installed = recipesOf(1).map(({ name }) => name);
    roots.push(await openPacmanRoot({ directory: folder, repositories: [repository], installed }));
  }
  const first = await targetFrom(source, join(directory, "views"));
  await repository.publish(recipesOf(2));
  await source.refresh();
  const targets = [first, await targetFrom(source, join(directory, "views"))] as const;
  // A mirror's files in every cache: fetching is not what is measured.
  for (const { cacheDir } of roots) {
    for (const file of readdirSync(repository.directory).filter((name) => name.includes(".pkg.tar"))) {
      if (!existsSync(join(cacheDir, file))) linkSync(join(repository.directory, file), join(cacheDir, file));
    }
  }
  return {
    roots,
    targets,
    changing: recipesOf(1)
      .slice(0, CHANGES)
      .map(({ name }) => name),
    place({ dbPath }, moment) {
      const target = targets[moment] ?? first;
      for (const { repository: name, sha256 } of target.target.view.databases) {
        copyFileSync(target.databaseFile(sha256), databaseFileOf(dbPath, name));
      }
    },
    async [Symbol.asyncDispose]() {
      for (const root of [...roots, source]) await root[Symbol.asyncDispose]();
      if (usual === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = usual;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function recipesOf(moment: number): readonly PackageRecipe[] {
  return Array.from({ length: PACKAGES }, (_, index): PackageRecipe => {
    const name = nameOf(index);
    const depends = [1, 7, 31].map((step) => nameOf(Math.max(0, index - step))).filter((other) => other !== name);
    if (index >= CHANGES) return { name, version: "1-1", depends };
    const files = Array.from({ length: FILES_OF_A_CHANGE }, (_unused, file) => {
      return [`usr/share/${name}/${file}`, `${name} ${moment} ${file} `.repeat(40)] as const;
    });
    return { name, version: `${moment}-1`, depends, files: Object.fromEntries(files) };
  });
}
