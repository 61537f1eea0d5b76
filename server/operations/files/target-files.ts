// Rows of the files that a target needs: what keeps them from being collected, and what is known of where they are not.
import type { LackWhy } from "../../../domain/files/target-reach.ts";
import { MAX_PACKAGES } from "../../../domain/limits.ts";
import type { Store } from "../../store/store.ts";
import type { Query } from "../content.ts";
import { lockReferences } from "./artifact-lock.ts";
import type { ClassFile } from "./read-needs.ts";

export interface TargetFile {
  readonly fileKey: string;
  readonly class: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly buildDate: number;
  readonly repository: string;
  readonly filename: string;
  readonly size: number;
  /** Empty until it is known. */
  readonly sha256: string;
  /** Base64, of the view. */
  readonly signature: string;
}

/** Files of one statement. */
const PORTION = 2_000;

/**
 * Remembers that a target needs these. What it needed before stays: a machine that lost a package for an hour must find it
 * again. Bounded by the packages of the target's views.
 */
export async function addTargetFiles(
  store: Store,
  poolId: string,
  revision: number,
  files: ReadonlyMap<string, ClassFile>,
): Promise<void> {
  const rows = [...files].map(([fileKey, { class: ofClass, file }]) => ({ fileKey, class: ofClass, ...file }));
  for (let at = 0; at < rows.length; at += PORTION) {
    await store.database.transaction(async (sql) => {
      await lockReferences(sql);
      await sql.query(INSERT, [poolId, revision, JSON.stringify(rows.slice(at, at + PORTION))]);
    });
  }
  await resolveByPackage(store.database, poolId, revision);
}

const INSERT = `insert into target_file (pool_id, revision, file_key, class, name, version, architecture, build_date,
    repository, filename, size, sha256, signature)
  select $1, $2, n."fileKey", n.class, n.name, n.version, n.architecture, n."buildDate", n.repository, n.filename, n.size,
    n.sha256, n.signature
  from jsonb_to_recordset($3::jsonb) as n("fileKey" text, class text, name text, version text, architecture text,
    "buildDate" bigint, repository text, filename text, size bigint, sha256 text, signature text)
  where exists (select 1 from target t where t.pool_id = $1 and t.revision = $2)
  on conflict (pool_id, revision, file_key) do nothing`;

/** Files without a digest may be here already, or be in a view of another target. */
async function resolveByPackage(sql: Query, poolId: string, revision: number): Promise<void> {
  await sql.query(
    `update target_file w set sha256 = f.sha256, filename = f.filename, size = f.size, signature = f.signature
     from (select distinct on (k.name, k.version, k.architecture, k.build_date) k.* from (
         select p.name, p.version, p.architecture, p.build_date, p.sha256, p.filename, a.size, '' as signature, 0 as rank
         from package_file p join artifact a using (sha256)
         union all
         select t.name, t.version, t.architecture, t.build_date, t.sha256, t.filename, t.size, t.signature, 1
         from target_file t where t.file_key = t.sha256) k
       order by k.name, k.version, k.architecture, k.build_date, k.rank) f
     where w.pool_id = $1 and w.revision = $2 and w.sha256 = '' and f.name = w.name and f.version = w.version
       and (w.architecture = '' or w.architecture = f.architecture)
       and (w.build_date = 0 or w.build_date = f.build_date)`,
    [poolId, revision],
  );
}

/** Those of which no artifact is here. */
export function readMissing(sql: Query, poolId: string, revision: number): Promise<readonly TargetFile[]> {
  return sql.query<TargetFile>(
    `select w.file_key as "fileKey", w.class, w.name, w.version, w.architecture, w.build_date as "buildDate",
       w.repository, w.filename, w.size, w.sha256, w.signature
     from target_file w left join artifact a on a.sha256 = w.sha256
     where w.pool_id = $1 and w.revision = $2 and a.sha256 is null order by w.size, w.file_key limit $3`,
    [poolId, revision, MAX_PACKAGES],
  );
}

export async function recordWhy(
  sql: Query,
  poolId: string,
  revision: number,
  whys: ReadonlyMap<string, LackWhy>,
): Promise<void> {
  await sql.query(
    `update target_file w set why = n.why from jsonb_to_recordset($3::jsonb) as n(key text, why text)
     where w.pool_id = $1 and w.revision = $2 and w.file_key = n.key`,
    [poolId, revision, JSON.stringify([...whys].map(([key, why]) => ({ key, why })))],
  );
}
