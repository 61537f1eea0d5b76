// Package files in a folder: a cache, kept files, a repository on a mounted disk. Files are linked where that works, so
// that they cost nothing. Must not know which folder it is.
import { constants, copyFileSync, linkSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FileSource } from "./file-source.ts";
import { identityProblem, isSignature, SIGNATURE_LIMIT_BYTES, sizeProblem } from "./inspect-file.ts";
import { Miss } from "./miss.ts";
import { sha256OfFile } from "./transfer.ts";

export function folderSource(folder: string): FileSource {
  const sizeOf = (name: string): number | undefined => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found?.isFile() === true ? found.size : undefined;
  };
  return {
    name: folder,
    host: undefined,
    isGiven: false,
    isRemote: false,
    async look(item, policy) {
      const size = sizeOf(item.filename);
      if (size === undefined) throw new Miss("absent", "not there");
      const problem =
        sizeProblem(size, item) ??
        (item.sha256 === undefined ? await identityProblem(join(folder, item.filename), item) : undefined);
      if (problem !== undefined) throw new Miss("broken", problem);
      const needsSignature = policy === "required" && item.signature === undefined;
      if (needsSignature && sizeOf(`${item.filename}.sig`) === undefined) {
        throw new Miss("absent", "its signature is not there");
      }
    },
    async bring(item, { target }) {
      const file = join(folder, item.filename);
      const size = sizeOf(item.filename);
      if (size === undefined) throw new Miss("absent", "not there");
      const problem = sizeProblem(size, item);
      if (problem !== undefined) throw new Miss("broken", problem);
      const staged = `${target}.new`;
      linkOrCopy(file, staged);
      return { staged, size, sha256: await sha256OfFile(staged), isResumed: false };
    },
    signature({ filename }) {
      const size = sizeOf(`${filename}.sig`);
      if (size === undefined || size > SIGNATURE_LIMIT_BYTES) return Promise.resolve(undefined);
      const bytes = readFileSync(join(folder, `${filename}.sig`));
      return Promise.resolve(isSignature(bytes) ? bytes : undefined);
    },
  };
}

/** A link costs nothing; on another file system it has to be a copy, between subvolumes one that shares its blocks. */
export function linkOrCopy(from: string, to: string): void {
  rmSync(to, { force: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}
