// A server's store in memory, at the seam that the machine's side of an agent has for it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { FileStore, FoundPackage, StoredFile } from "../../agent/files/file-store.ts";
import { readPackageFile } from "../../agent/pacman/package-file.ts";

export interface MemoryStore extends FileStore {
  /** Takes a package file with the signature beside it; answers its SHA-256. */
  put(file: string): Promise<string>;
  /** While it is more than 0, every download breaks off after so many bytes. */
  breakOff: number;
  /** Of downloads, in order. */
  readonly offsets: number[];
}

export function memoryStore(): MemoryStore {
  const found: FoundPackage[] = [];
  const bytes = new Map<string, Buffer>();
  const store: MemoryStore = {
    breakOff: 0,
    offsets: [],
    async put(file) {
      const { name, version, architecture, buildDate } = await readPackageFile(file, "");
      const content = readFileSync(file);
      const sha256 = createHash("sha256").update(content).digest("hex");
      const signature = existsSync(`${file}.sig`) ? readFileSync(`${file}.sig`) : undefined;
      const stored: StoredFile = { sha256, size: content.length, filename: basename(file), signature };
      found.push({ key: { name, version, architecture, buildDate }, file: stored });
      bytes.set(sha256, content);
      return sha256;
    },
    describe: (sha256) => Promise.resolve(found.map(({ file }) => file).filter((file) => sha256.includes(file.sha256))),
    find: (keys) =>
      Promise.resolve(
        found.filter(({ key }) =>
          keys.some(
            (wanted) =>
              wanted.name === key.name &&
              wanted.version === key.version &&
              wanted.architecture === key.architecture &&
              (wanted.buildDate === 0 || wanted.buildDate === key.buildDate),
          ),
        ),
      ),
    async *download(sha256, offset) {
      store.offsets.push(offset);
      const content = bytes.get(sha256) ?? Buffer.alloc(0);
      if (store.breakOff > 0) {
        yield content.subarray(offset, offset + store.breakOff);
        throw new Error("the connection was lost");
      }
      await Promise.resolve();
      yield content.subarray(offset);
    },
  };
  return store;
}
