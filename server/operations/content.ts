// Package sets and views by digest: read from rows and files once, kept while they are in use. What has a digest never
// changes, so nothing here is ever invalidated.
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, zstdCompressSync, zstdDecompress, zstdDecompressSync } from "node:zlib";
import { MAX_DATABASE_TAR_BYTES, MAX_PACKAGES } from "../../domain/limits.ts";
import { canonicalBytes, parseCanonicalBytes } from "../../domain/package-set/canonical.ts";
import type { PackageSet } from "../../domain/package-set/package-set.ts";
import { Refusal } from "../../domain/refusal.ts";
import { type SyncPackage, walkSyncDatabase } from "../../domain/view/read-sync-database.ts";
import type { View, ViewDatabase } from "../../domain/view/view.ts";
import { indexView, type ViewIndex } from "../../domain/view/view-index.ts";
import type { ArtifactFiles } from "../store/artifact-files.ts";
import { makeLru } from "./lru.ts";
import { makeTurns } from "./turns.ts";

const gunzipAside = promisify(gunzip);
const zstdDecompressAside = promisify(zstdDecompress);

/** Both a database and a transaction are that. */
export interface Query {
  query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
}

/** Each about 5 MB for Arch's extra; several moments of a few repositories. */
const KEPT_DATABASES = 24;
const KEPT_INDEXES = 12;
/** Each about 150 KB for 1,500 packages. */
const KEPT_SETS = 512;

export interface Content {
  /** Throws when the digest is unknown: rows refer to sets by foreign key, so that is damage. */
  packageSet(sql: Query, digest: string): Promise<PackageSet>;
  /** Canonical bytes of sets by digest, as they were verified when they came; not kept here. Throws as packageSet does. */
  canonicalSets(sql: Query, digests: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  view(sql: Query, digest: string): Promise<View>;
  /** Undefined while a file of it has not been uploaded, or when one cannot be read. */
  viewIndex(sql: Query, digest: string): Promise<ViewIndex | undefined>;
}

const contents = new WeakMap<ArtifactFiles, Content>();

/** One per store. */
export function contentOf(store: { readonly artifacts: ArtifactFiles }): Content {
  const known = contents.get(store.artifacts);
  if (known !== undefined) return known;
  const made = makeContent(store.artifacts);
  contents.set(store.artifacts, made);
  return made;
}

function makeContent(artifacts: ArtifactFiles): Content {
  const sets = makeLru<PackageSet>(KEPT_SETS);
  const views = makeLru<View>(KEPT_SETS);
  const databases = makeLru<readonly SyncPackage[] | undefined>(KEPT_DATABASES);
  const indexes = makeLru<ViewIndex | undefined>(KEPT_INDEXES);
  const readDatabase = (database: ViewDatabase): Promise<readonly SyncPackage[] | undefined> =>
    databases.load(`${database.repository} ${database.sha256}`, async () =>
      parseDatabase(await artifacts.load(database.sha256), database.repository),
    );
  const readIndex = async (sql: Query, digest: string): Promise<ViewIndex | undefined> => {
    const repositories = [];
    for (const database of (await content.view(sql, digest)).databases) {
      const packages = await readDatabase(database);
      if (packages === undefined) return undefined;
      repositories.push({ repository: database.repository, packages });
    }
    return indexView(repositories);
  };
  const content: Content = {
    canonicalSets: readCanonicalSets,
    packageSet: (sql, digest) => sets.load(digest, () => readPackageSet(sql, digest)),
    view: (sql, digest) => views.load(digest, () => readView(sql, digest)),
    async viewIndex(sql, digest) {
      try {
        return await indexes.load(digest, () => readIndex(sql, digest));
      } catch (error) {
        // Not uploaded yet: the next look tries again.
        if (error instanceof Refusal && error.reason === "ARTIFACT_NOT_FOUND") return undefined;
        throw error;
      }
    },
  };
  return content;
}

/** Undefined for damage: one endpoint's bad file must not stop the transactions of its pool. */
async function parseDatabase(bytes: Uint8Array, repository: string): Promise<readonly SyncPackage[] | undefined> {
  const turns = makeTurns();
  const packages: SyncPackage[] = [];
  try {
    for (const one of walkSyncDatabase(await decompress(bytes), repository)) {
      packages.push(one);
      const pause = turns.pause();
      if (pause !== undefined) await pause;
    }
    return packages;
  } catch {
    return undefined;
  }
}

async function readPackageSet(sql: Query, digest: string): Promise<PackageSet> {
  const [row] = await sql.query<{ body: Buffer }>("select body from package_set where digest = $1", [digest]);
  if (row === undefined) throw new Error(`reading package set ${digest}: there is no such row`);
  return unpackSet(row.body);
}

async function readCanonicalSets(sql: Query, digests: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const rows = await sql.query<{ digest: string; body: Buffer }>(
    "select digest, body from package_set where digest = any($1::text[])",
    [digests],
  );
  const found = new Map(rows.map(({ digest, body }) => [digest, unpackBytes(body)] as const));
  const absent = digests.find((digest) => !found.has(digest));
  if (absent !== undefined) throw new Error(`reading package set ${absent}: there is no such row`);
  return found;
}

async function readView(sql: Query, digest: string): Promise<View> {
  const [row] = await sql.query<View>("select architecture, class, databases from view where digest = $1", [digest]);
  if (row === undefined) throw new Error(`reading view ${digest}: there is no such row`);
  return { architecture: row.architecture, class: row.class, databases: row.databases };
}

/** A set as it lies in its row. */
export function packSet(set: PackageSet): Buffer {
  return zstdCompressSync(canonicalBytes(set));
}

/** Name, version, architecture, build date and reason at their longest. */
const MAX_LINE_BYTES = 512;

export function unpackSet(body: Uint8Array): PackageSet {
  return parseCanonicalBytes(unpackBytes(body));
}

function unpackBytes(body: Uint8Array): Uint8Array {
  return zstdDecompressSync(body, { maxOutputLength: MAX_PACKAGES * MAX_LINE_BYTES });
}

/** A sync database's tar, by its first bytes; on a thread of its own. */
async function decompress(bytes: Uint8Array): Promise<Uint8Array> {
  const options = { maxOutputLength: MAX_DATABASE_TAR_BYTES };
  switch (compressionOf(bytes)) {
    case "gzip":
      return gunzipAside(bytes, options);
    case "zstd":
      return zstdDecompressAside(bytes, options);
    case "none":
      return bytes;
  }
}

function compressionOf(bytes: Uint8Array): "gzip" | "zstd" | "none" {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd ? "zstd" : "none";
}

/** Lower-case hex, for domain's digests. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
