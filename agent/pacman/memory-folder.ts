// A folder in memory for what is written to be read once and thrown away: a copy of the local database is thousands of small
// files, which cost seconds on a disk and milliseconds here. Knows nothing of what goes in.
import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";

/** Linux' number for tmpfs. */
const TMPFS = 0x0102_1994;

/** A copy of 3,000 packages and stubs of as many takes 40 MiB; whoever else uses the memory must not notice. */
const ROOM_BYTES = 256 * 1024 * 1024;

const PREFIX = "pacpool-simulation-";

/** Far over what pacman is waited for. */
const LEFTOVER_MS = 60 * 60_000;

/** Makes a folder of one's own in memory; undefined where there is none with room. The caller deletes it. */
export function makeMemoryFolder(): string | undefined {
  for (const parent of parents()) {
    try {
      const { type, bavail, bsize } = statfsSync(parent);
      if (type !== TMPFS || bavail * bsize < ROOM_BYTES) continue;
      removeLeftovers(parent);
      return mkdtempSync(join(parent, PREFIX));
    } catch {
      // Not there, or not ours to write in: the next one.
    }
  }
  return undefined;
}

function parents(): readonly string[] {
  const own = process.env["XDG_RUNTIME_DIR"];
  const isRoot = process.getuid?.() === 0;
  return [...(isRoot ? ["/run"] : []), ...(own === undefined || own === "" ? [] : [own]), "/dev/shm"];
}

/** Of processes that were killed: no simulation takes that long. Those of others cannot be deleted, and stay. */
function removeLeftovers(parent: string): void {
  for (const entry of readdirSync(parent)) {
    if (!entry.startsWith(PREFIX)) continue;
    const folder = join(parent, entry);
    if (statSync(folder).mtimeMs < Date.now() - LEFTOVER_MS) rmSync(folder, { recursive: true, force: true });
  }
}
