// Files by their content: stored once, however many endpoints bring them. A row says that the file is whole.
import type { PackageKey } from "../../domain/files/package-information.ts";
import { Refusal } from "../../domain/refusal.ts";
import { changePool } from "../store/change-pool.ts";
import type { Store } from "../store/store.ts";
import { lockArtifact } from "./files/artifact-lock.ts";
import { describeArtifacts, findPackages } from "./files/find-packages.ts";
import { storePackage } from "./files/store-package.ts";
import { proveClass } from "./prove-class.ts";
import type { ArtifactRecord, FoundPackageRecord, UploadHeader } from "./records.ts";
import { refreshPoolStatuses } from "./refresh-status.ts";

export interface ArtifactOperations {
  /** Those of the digests that the server lacks. */
  readonly missing: (sha256: readonly string[]) => Promise<readonly string[]>;
  /** Bytes that an interrupted upload left; 0 for none. */
  readonly beginning: (sha256: string) => Promise<number>;
  readonly has: (sha256: string) => Promise<boolean>;
  /** Stores what the stream gives. Throws Refusal ARTIFACT_CORRUPT, for packages also ARTIFACT_UNSIGNED. */
  readonly store: (header: UploadHeader, bytes: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Throws Refusal ARTIFACT_NOT_FOUND. */
  readonly read: (sha256: string, offset: number) => AsyncIterable<Uint8Array>;
  readonly describeArtifacts: (sha256: readonly string[]) => Promise<readonly ArtifactRecord[]>;
  readonly findPackages: (packages: readonly PackageKey[]) => Promise<readonly FoundPackageRecord[]>;
}

export interface ArtifactRules {
  /** Digests of package files that may be kept without a signature. */
  readonly unsignedAllowed: ReadonlySet<string>;
}

const STRICT: ArtifactRules = { unsignedAllowed: new Set() };

export function makeArtifactOperations(store: Store, rules: ArtifactRules = STRICT): ArtifactOperations {
  const { database, artifacts } = store;
  const missing = async (sha256: readonly string[]): Promise<readonly string[]> => {
    const rows = await database.query<{ sha256: string }>(
      "select sha256 from artifact where sha256 = any($1::text[])",
      [sha256],
    );
    const known = new Set(rows.map((row) => row.sha256));
    return sha256.filter((one) => !known.has(one));
  };
  const has = async (sha256: string): Promise<boolean> => (await missing([sha256])).length === 0;
  return {
    missing,
    beginning: (sha256) => artifacts.beginning(sha256),
    has,
    async store(header, bytes) {
      if (header.kind === "package") await storePackage(store, rules.unsignedAllowed, header, bytes);
      else await storeDatabase(store, header, bytes);
    },
    async *read(sha256, offset) {
      if (!(await has(sha256))) throw new Refusal("ARTIFACT_NOT_FOUND", { sha256 });
      yield* artifacts.read(sha256, offset);
    },
    describeArtifacts: (sha256) => describeArtifacts(database, sha256),
    findPackages: (packages) => findPackages(database, packages),
  };
}

async function storeDatabase(store: Store, header: UploadHeader, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const { sha256, size } = header;
  await using received = await store.artifacts.receive(header, bytes);
  await store.database.transaction(async (sql) => {
    await lockArtifact(sql, sha256);
    await received.keep();
    await sql.query(
      `insert into artifact (sha256, size, kind) values ($1, $2, 'sync-database')
       on conflict (sha256) do update set unused_since = null`,
      [sha256, size],
    );
  });
  await refreshWaiting(store, sha256);
}

/** Endpoints whose view, or whose pool's newest target's view, has become whole by this file can be compared now. */
const WAITING = `with whole as (
    select v.digest from view v where v.databases @> jsonb_build_array(jsonb_build_object('sha256', $1::text))
      and not exists (select 1 from jsonb_to_recordset(v.databases) as d(sha256 text)
        left join artifact a on a.sha256 = d.sha256 where a.sha256 is null))
  select distinct e.pool_id from endpoint e where e.view_digest in (select digest from whole)
  union
  select t.pool_id from target t join pool p on p.id = t.pool_id and p.target_revision = t.revision
    where t.view_digest in (select digest from whole)`;

async function refreshWaiting(store: Store, sha256: string): Promise<void> {
  const views = await store.database.query<{ digest: string }>(
    "select digest from view where class = '' and databases @> jsonb_build_array(jsonb_build_object('sha256', $1::text))",
    [sha256],
  );
  for (const { digest } of views) await proveClass(store, digest);
  for (const { pool_id: poolId } of await store.database.query<{ pool_id: string }>(WAITING, [sha256])) {
    await changePool(store, poolId, async (sql, change) => {
      for (const id of await refreshPoolStatuses(store, sql, poolId)) change.touch({ kind: "endpoint", id });
    }).catch((error: unknown) => {
      if (error instanceof Refusal && error.reason === "POOL_NOT_FOUND") return;
      throw error;
    });
  }
}
