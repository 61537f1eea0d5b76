// Tells when pacman has written its database. Every write, failed ones too, makes db.lck appear and vanish; that is the
// one thing watched. A kill makes nothing vanish, so a slow look at the folder's times is the fallback.
import { statSync, watch } from "node:fs";
import { join } from "node:path";
import { lockFileOf } from "./lock.ts";

/** Costs a few stats; a kill is rare and an operation's own recovery does not wait for it. */
const fallbackMs = 60_000;

/** Calls back when the database may have changed, until the signal. Resolves when the watch is on. */
export function watchDatabase(dbPath: string, changed: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const lock = lockFileOf(dbPath);
  let seen = traceOf(dbPath);
  const look = (): void => {
    const now = traceOf(dbPath);
    if (now === seen) return;
    seen = now;
    changed();
  };
  const watcher = watch(dbPath, { recursive: false, persistent: false }, (_event, name) => {
    if (name !== "db.lck" || statSync(lock, { throwIfNoEntry: false }) !== undefined) return;
    seen = traceOf(dbPath);
    changed();
  });
  // The folder itself may go away; the fallback reports what is there then.
  watcher.on("error", look);
  const timer = setInterval(look, fallbackMs).unref();
  signal.addEventListener(
    "abort",
    () => {
      clearInterval(timer);
      watcher.close();
    },
    { once: true },
  );
}

/** Changes when packages come or go, when databases are fetched, and when a lock appears or is left behind. */
function traceOf(dbPath: string): string {
  return ["local", "sync", "db.lck"]
    .map((name) => statSync(join(dbPath, name), { throwIfNoEntry: false })?.mtimeMs ?? 0)
    .join(" ");
}
