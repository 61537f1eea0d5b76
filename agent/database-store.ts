// Sync databases by content, kept as long as a plan or the way back needs them: STATE/databases/SHA256.db. Knows nothing
// of what they are kept for.
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface DatabaseStore {
  /** The file of a kept database, whether it is there or not. */
  path(sha256: string): string;
  /** Keeps a file of that content, and the signature that lies beside it; costs a link where it can. */
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
      // Its signature is over the same content, and may come later than the database itself.
      for (const ending of ["", ".sig"]) {
        const kept = `${path(sha256)}${ending}`;
        if (!existsSync(kept) && (ending === "" || existsSync(`${file}${ending}`))) placeFile(`${file}${ending}`, kept);
      }
    },
    prune(wanted) {
      for (const name of readdirSync(folder)) {
        if (!wanted.has(name.replace(/\.db(?:\.sig)?$/, ""))) rmSync(join(folder, name), { force: true });
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
