// Sync databases by content, kept as long as a plan or the way back needs them: STATE/databases/SHA256.db. Knows nothing
// of what they are kept for.
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface DatabaseStore {
  /** The file of a kept database, whether it is there or not. */
  path(sha256: string): string;
  /** Keeps a file of that content; costs a link where it can. */
  keep(sha256: string, file: string): void;
  /** Forgets all but these. */
  prune(wanted: ReadonlySet<string>): void;
}

export function openDatabaseStore(stateDir: string): DatabaseStore {
  const folder = join(stateDir, "databases");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (sha256: string): string => join(folder, `${sha256}.db`);
  return {
    path,
    keep(sha256, file) {
      if (existsSync(path(sha256))) return;
      placeFile(file, path(sha256));
    },
    prune(wanted) {
      for (const name of readdirSync(folder)) {
        if (!wanted.has(name.replace(/\.db$/, ""))) rmSync(join(folder, name), { force: true });
      }
    },
  };
}

/** Links a file, or copies it to another file system; the target appears whole. */
export function placeFile(from: string, to: string): void {
  const partial = `${to}.${process.pid}.new`;
  rmSync(partial, { force: true });
  try {
    linkSync(from, partial);
  } catch {
    copyFileSync(from, partial);
  }
  renameSync(partial, to);
}
