// Whether a machine is exactly what a moment says: packages, reasons, every file by content, edits, no lock, no leftovers.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { inspectLock } from "../../../agent/pacman/lock.ts";
import type { PacmanRoot } from "../../support/pacman-root.ts";
import { sha256Of } from "../../support/repository.ts";
import { databaseOf, EDIT, EDITED, type Moment } from "./world.ts";

/** Sentences about what is not; empty means exact. */
export async function differencesFrom(root: PacmanRoot, moment: Moment): Promise<readonly string[]> {
  const checked = await root.run("-Qkk");
  return [
    ...listDifferences("packages", await root.query(), moment.packages),
    ...listDifferences("explicit", await root.explicit(), moment.explicit),
    ...listDifferences("complaints", await root.complaints(), []),
    ...(checked.code === 0 ? [] : [`-Qkk: ${checked.stderr}`]),
    ...listDifferences("files", filesOf(root), expectedFiles(moment)),
    ...(root.read(EDITED) === EDIT ? [] : ["the owner's edit is lost"]),
    ...(inspectLock(root.dbPath).kind === "free" ? [] : ["a lock is left"]),
    ...listDifferences("sync", readdirSync(join(root.dbPath, "sync")), ["core.db"]),
    ...(sha256Of(databaseOf(root)) === moment.databaseSha256 ? [] : ["the sync database is not the view's"]),
    ...(existsSync(join(root.rootDir, "tmp/hook-ran")) ? [] : ["the hook never ran"]),
  ];
}

function listDifferences(what: string, now: readonly string[], wanted: readonly string[]): readonly string[] {
  const [has, wants] = [new Set(now), new Set(wanted)];
  return [
    ...wanted.filter((line) => !has.has(line)).map((line) => `${what}: ${line} is missing`),
    ...now.filter((line) => !wants.has(line)).map((line) => `${what}: ${line} is too much`),
  ].slice(0, 10);
}

/** Path and content of what packages put below usr/share; licences count as files like any other. */
function filesOf({ rootDir }: PacmanRoot): readonly string[] {
  const folder = join(rootDir, "usr/share");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !path.startsWith(join(folder, "libalpm")))
    .map((path) => `${relative(rootDir, path)}=${readFileSync(path, "utf8")}`);
}

function expectedFiles({ recipes }: Moment): readonly string[] {
  return recipes.flatMap(({ name, version, files }) =>
    Object.entries(files ?? { [`usr/share/licenses/${name}/LICENSE`]: `${name} ${version}\n` })
      .filter(([path]) => path !== EDITED)
      .map(([path, text]) => `${path}=${typeof text === "string" ? text : ""}`),
  );
}
