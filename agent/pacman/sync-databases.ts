// Sync databases as files: decompressing and reading them once per content, and the machine's own as its view.
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { MAX_DATABASE_BYTES, MAX_DATABASE_TAR_BYTES } from "../../domain/limits.ts";
import { computeClass } from "../../domain/view/class.ts";
import { readSyncDatabase, type SyncPackage } from "../../domain/view/read-sync-database.ts";
import { checkView, type View, type ViewDatabase } from "../../domain/view/view.ts";
import { indexView, type ViewIndex } from "../../domain/view/view-index.ts";
import type { PacmanConfiguration } from "./configuration.ts";

/** Databases by repository and SHA-256 of their file; bounded, the oldest goes first. */
export interface DatabaseCache {
  /** Packages of a database file. Throws when the file is missing, damaged, too large, or not of that content. */
  read(database: ViewDatabase, file: string): readonly SyncPackage[];
}

/** The machine's own and the target's, some of them of two moments. */
const cachedDatabases = 24;

export function openDatabaseCache(): DatabaseCache {
  const cache = new Map<string, readonly SyncPackage[]>();
  return {
    read({ repository, sha256 }, file) {
      const key = `${repository} ${sha256}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const bytes = readFileSync(file);
      if (sha256Of(bytes) !== sha256)
        throw new Error(`reading database ${repository} from ${file}: its content is not ${sha256}`);
      const packages = readSyncDatabase(decompress(bytes), repository);
      cache.set(key, packages);
      for (const oldest of [...cache.keys()].slice(0, Math.max(0, cache.size - cachedDatabases))) cache.delete(oldest);
      return packages;
    },
  };
}

/** A database's tar, by its first bytes: gzip, zstd or plain. Others (xz, bzip2) are refused by name. */
export function decompress(bytes: Uint8Array): Uint8Array {
  const options = { maxOutputLength: MAX_DATABASE_TAR_BYTES };
  const startsWith = (...magic: readonly number[]): boolean => magic.every((byte, index) => bytes[index] === byte);
  if (startsWith(0x1f, 0x8b)) return gunzipSync(bytes, options);
  if (startsWith(0x28, 0xb5, 0x2f, 0xfd)) return zstdDecompressSync(bytes, options);
  if (startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a) || startsWith(0x42, 0x5a, 0x68)) {
    throw new Error("decompressing a sync database: it is xz or bzip2; gzip, zstd and plain tar are read");
  }
  return bytes;
}

/** Lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function databaseFileOf(dbPath: string, repository: string): string {
  return join(dbPath, "sync", `${repository}.db`);
}

/** Remembers a file's digest as long as its size, time and inode stay, so that an idle look costs a stat. */
export type DigestMemory = Map<string, { readonly trace: string; readonly database: ViewDatabase }>;

export interface OwnView {
  readonly view: View;
  readonly index: ViewIndex;
  /** Configured repositories without a database: `pacman -Sy` was never run for them. */
  readonly missing: readonly string[];
  /** Databases that cannot be read, cut off by a full disk for example, each with why. They are no part of the view. */
  readonly damaged: readonly { readonly repository: string; readonly why: string }[];
}

/** The machine's own sync databases in pacman.conf's order, those that are there. */
export function readOwnView(configuration: PacmanConfiguration, cache: DatabaseCache, memory: DigestMemory): OwnView {
  const missing: string[] = [];
  const damaged: { repository: string; why: string }[] = [];
  const databases: ViewDatabase[] = [];
  for (const { name } of configuration.repositories) {
    const file = databaseFileOf(configuration.dbPath, name);
    try {
      const database = describeDatabase(name, file, memory);
      if (database === undefined) missing.push(name);
      else {
        cache.read(database, file);
        databases.push(database);
      }
    } catch (error) {
      damaged.push({ repository: name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  const index = indexDatabases(databases, ({ repository }) => databaseFileOf(configuration.dbPath, repository), cache);
  const architecture = configuration.architectures[0] ?? "any";
  const view = checkView({ architecture, class: computeClass(architecture, index), databases });
  return { view, index, missing, damaged };
}

/** Looks a view's packages up. Throws when one of its databases cannot be read. */
export function indexDatabases(
  databases: readonly ViewDatabase[],
  fileOf: (database: ViewDatabase) => string,
  cache: DatabaseCache,
): ViewIndex {
  return indexView(
    databases.map((database) => ({
      repository: database.repository,
      packages: cache.read(database, fileOf(database)),
    })),
  );
}

function describeDatabase(repository: string, file: string, memory: DigestMemory): ViewDatabase | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.size > MAX_DATABASE_BYTES)
    throw new Error(`reading ${file}: ${found.size} bytes are more than ${MAX_DATABASE_BYTES}`);
  const trace = `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
  const known = memory.get(file);
  if (known?.trace === trace) return known.database;
  const bytes = readFileSync(file);
  const database = { repository, sha256: sha256Of(bytes), size: bytes.length };
  memory.set(file, { trace, database });
  return database;
}
