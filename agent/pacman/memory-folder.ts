// Folders for what is written to be read once and thrown away, in memory where it has room: a copy of the local database is
// thousands of small files, which cost seconds on a disk and milliseconds there. Knows nothing of what goes in.
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statfsSync, statSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";

/** Linux' number for tmpfs. */
const TMPFS = 0x0102_1994;

/** A copy of 3,000 packages and stubs of as many takes 40 MiB; whoever else uses the memory must not notice. */
const ROOM_BYTES = 256 * 1024 * 1024;

const PREFIX = "pacpool-simulation-";

/** Far over what pacman is waited for. */
const LEFTOVER_MS = 60 * 60_000;

/** A new folder of one's own. A link in `scratchDir` tells of one in memory, so that a kill leaves nothing unknown. */
export function makeScratchFolder(scratchDir: string): string {
  mkdirSync(scratchDir, { recursive: true, mode: 0o700 });
  const folder = makeMemoryFolder();
  if (folder === undefined) return mkdtempSync(join(scratchDir, "simulation-"));
  symlinkSync(folder, join(scratchDir, basename(folder)));
  return folder;
}

export function removeScratchFolder(folder: string, scratchDir: string): void {
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(scratchDir, basename(folder)), { recursive: true, force: true });
}

/** What a kill left. Call it while nothing of this state folder runs. */
export function clearScratch(scratchDir: string): void {
  for (const entry of entriesOf(scratchDir)) {
    if (entry.startsWith(PREFIX)) rmSync(readlinkSync(join(scratchDir, entry)), { recursive: true, force: true });
  }
  rmSync(scratchDir, { recursive: true, force: true });
}

/** Undefined where no file system in memory has room. */
function makeMemoryFolder(): string | undefined {
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

/** Of agents that never came back: no simulation takes that long. Those of others cannot be deleted, and stay. */
function removeLeftovers(parent: string): void {
  for (const entry of readdirSync(parent)) {
    if (!entry.startsWith(PREFIX)) continue;
    const folder = join(parent, entry);
    if (statSync(folder).mtimeMs < Date.now() - LEFTOVER_MS) rmSync(folder, { recursive: true, force: true });
  }
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
