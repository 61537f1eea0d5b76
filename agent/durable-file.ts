// Small files that a kill must never leave half written. Must not know what is inside them.
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Replaces a file whole and returns only when the disk has it. `mode` applies to the new file. */
export async function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await replace(path, content, mode, true);
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Replaces a file whole for its readers, without waiting for the disk: for what the next start writes again anyway. */
export async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  await replace(path, content, mode, false);
}

/** The text, or undefined when there is no such file. Other errors are thrown. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      return undefined;
    }
    throw cause;
  }
}

async function replace(path: string, content: string | Uint8Array, mode: number, mustSync: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString("hex")}.new`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      // The umask narrows the mode of open(); readers of other users need the mode that was asked for.
      await file.chmod(mode);
      if (mustSync) {
        await file.sync();
      }
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new Error(`writing ${path}`, { cause });
  }
}
