// pacman's lock on its database, and who holds it. pacman keeps the empty file open until it unlocks, so a lock that no
// process has open was left by a kill. Nothing here removes another's: that is for the code that can name whose it was.
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

export type LockState =
  | { readonly kind: "free" }
  | { readonly kind: "held"; readonly pid: number; readonly command: string }
  /** Nobody has it open. `sinceMs` is its time. */
  | { readonly kind: "stale"; readonly sinceMs: number };

export function lockFileOf(dbPath: string): string {
  return join(dbPath, "db.lck");
}

/** Looks at the lock. A holder that this user may not look at counts as none; root sees all. */
export function inspectLock(dbPath: string): LockState {
  const file = lockFileOf(dbPath);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return { kind: "free" };
  const pid = holderOf(realpathSync(dbPath));
  if (pid !== undefined) return { kind: "held", pid, command: commandOf(pid) };
  // It may have been released while we looked.
  return statSync(file, { throwIfNoEntry: false }) === undefined
    ? { kind: "free" }
    : { kind: "stale", sinceMs: found.mtimeMs };
}

function holderOf(realDbPath: string): number | undefined {
  const wanted = lockFileOf(realDbPath);
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const folder = `/proc/${entry}/fd`;
    let descriptors: readonly string[];
    try {
      descriptors = readdirSync(folder);
    } catch {
      continue;
    }
    for (const descriptor of descriptors) {
      try {
        if (readlinkSync(`${folder}/${descriptor}`) === wanted) return Number(entry);
      } catch {
        // Closed meanwhile.
      }
    }
  }
  return undefined;
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim().slice(0, 200);
  } catch {
    return "unknown";
  }
}

/** Takes the lock as pacman does, for writing beside it; undefined when it is there. It is let go by disposal. */
export function takeLock(dbPath: string): Disposable | undefined {
  const file = lockFileOf(dbPath);
  let descriptor: number;
  try {
    descriptor = openSync(file, "wx", 0o000);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return undefined;
    throw new Error(`taking pacman's lock ${file}`, { cause });
  }
  return {
    [Symbol.dispose]() {
      rmSync(file, { force: true });
      // Open until it is gone, so that everyone who looks finds its holder.
      closeSync(descriptor);
    },
  };
}
