// Sync databases made in memory, for tests that need a view but no package files and no pacman.
import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

export interface SyncEntry {
  readonly name: string;
  readonly version: string;
  readonly buildDate?: number;
  readonly replaces?: readonly string[];
  /** Base64. */
  readonly signature?: string;
}

export interface SyncDatabase {
  readonly repository: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

export const BUILD_DATE = 1_748_736_000;

export async function makeSyncDatabase(repository: string, entries: readonly SyncEntry[]): Promise<SyncDatabase> {
  const archive = pack();
  for (const entry of entries) {
    const folder = `${entry.name}-${entry.version}`;
    archive.entry({ name: `${folder}/`, type: "directory", mtime: new Date(0) });
    archive.entry({ name: `${folder}/desc`, mtime: new Date(0) }, describe(entry));
  }
  archive.finalize();
  const bytes = gzipSync(await buffer(archive));
  return { repository, bytes, sha256: sha256(bytes) };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function describe(entry: SyncEntry): string {
  const fields: Readonly<Record<string, readonly string[]>> = {
    FILENAME: [`${entry.name}-${entry.version}-x86_64.pkg.tar.gz`],
    NAME: [entry.name],
    VERSION: [entry.version],
    DESC: [`The ${entry.name} package`],
    CSIZE: ["1000"],
    ISIZE: ["2000"],
    SHA256SUM: [sha256(Buffer.from(entry.name + entry.version))],
    ARCH: ["x86_64"],
    BUILDDATE: [String(entry.buildDate ?? BUILD_DATE)],
    PGPSIG: entry.signature === undefined ? [] : [entry.signature],
    REPLACES: entry.replaces ?? [],
  };
  return Object.entries(fields)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `%${name}%\n${values.join("\n")}\n`)
    .join("\n");
}
