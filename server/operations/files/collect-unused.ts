// Deletes content that nothing refers to any more: marked in one round, gone in a later one, so that what was just brought
// or is about to be referred to again survives. In small portions; a file goes only when its row has gone.
import type { Database } from "../../store/database.ts";
import type { Store } from "../../store/store.ts";
import type { Query } from "../content.ts";
import { lockArtifact, lockCollection } from "./artifact-lock.ts";

/** Rows of one statement, and statements of one round and kind. */
const PORTION = 500;
const MAX_PORTIONS = 40;

/** A table of content, and a condition on its alias x that is true while something refers to a row. */
interface Content {
  readonly table: "artifact" | "package_set" | "view";
  readonly key: "sha256" | "digest";
  readonly referred: string;
}

/** The files of kept targets, and the databases of known views. */
const PACKAGES: Content = {
  table: "artifact",
  key: "sha256",
  referred: "x.kind <> 'package' or exists (select 1 from target_file t where t.sha256 = x.sha256)",
};
const DATABASES: Content = {
  table: "artifact",
  key: "sha256",
  referred: `x.kind <> 'sync-database' or x.sha256 in
    (select d.sha256 from view v cross join jsonb_to_recordset(v.databases) as d(sha256 text))`,
};

/** `graceSeconds`: between the first round that finds nothing and the deletion. Gives how many went. */
export async function collectArtifacts(store: Store, graceSeconds: number): Promise<number> {
  let gone = 0;
  for (const content of [PACKAGES, DATABASES]) {
    await mark(store.database, content);
    for (const sha256 of await sweep(store.database, content, graceSeconds)) {
      await removeFile(store, sha256);
      gone += 1;
    }
  }
  return gone;
}

/** Views first: their databases and, through targets, sets follow in later rounds. */
export async function collectViewsAndSets(database: Database, graceSeconds: number): Promise<number> {
  let gone = 0;
  for (const table of ["view", "package_set"] as const) {
    const content: Content = { table, key: "digest", referred: await foreignKeysTo(database, table) };
    await mark(database, content);
    gone += (await sweep(database, content, graceSeconds)).length;
  }
  return gone;
}

/** From the catalogue, so that a table which somebody adds counts without a word here. */
async function foreignKeysTo(sql: Query, table: string): Promise<string> {
  const rows = await sql.query<{ referring: string; referring_column: string }>(
    `select c.conrelid::regclass::text as referring, quote_ident(a.attname) as referring_column
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f' and c.confrelid = $1::regclass`,
    [table],
  );
  const conditions = rows.map(
    (row) => `exists (select 1 from ${row.referring} r where r.${row.referring_column} = x.digest)`,
  );
  return conditions.length === 0 ? "false" : conditions.join(" or ");
}

async function mark(sql: Query, { table, key, referred }: Content): Promise<void> {
  await sql.query(`update ${table} x set unused_since = null where x.unused_since is not null and (${referred})`);
  for (let portion = 0; portion < MAX_PORTIONS; portion += 1) {
    const marked = await sql.query(
      `update ${table} set unused_since = now() where ${key} in
         (select x.${key} from ${table} x where x.unused_since is null and not (${referred}) limit ${String(PORTION)})
       returning 1`,
    );
    if (marked.length < PORTION) return;
  }
}

/** The keys that went. */
async function sweep(database: Database, content: Content, graceSeconds: number): Promise<readonly string[]> {
  const { table, key, referred } = content;
  const gone: string[] = [];
  for (let portion = 0; portion < MAX_PORTIONS; portion += 1) {
    const rows = await database.transaction(async (sql) => {
      // Whoever wants a file writes so first, under the same lock, and looks for it then.
      await lockCollection(sql);
      return sql.query<{ key: string }>(
        // The mark is looked at again on the row as it is when the deletion gets at it.
        `delete from ${table} where unused_since <= now() - make_interval(secs => $1) and ${key} in
           (select x.${key} from ${table} x where x.unused_since <= now() - make_interval(secs => $1)
              and not (${referred}) limit ${String(PORTION)})
         returning ${key} as key`,
        [graceSeconds],
      );
    });
    gone.push(...rows.map((row) => row.key));
    if (rows.length < PORTION) break;
  }
  return gone;
}

/** Unless somebody brought it again meanwhile. */
async function removeFile({ database, artifacts }: Store, sha256: string): Promise<void> {
  await database.transaction(async (sql) => {
    await lockArtifact(sql, sha256);
    const rows = await sql.query("select 1 from artifact where sha256 = $1", [sha256]);
    if (rows.length === 0) await artifacts.remove(sha256);
  });
}

/** Abandoned beginnings of uploads, and whole files that a crash left without a row, in one of 256 folders. */
export async function collectStrays(store: Store, folder: number, olderThanMs: number): Promise<void> {
  const whole = await store.artifacts.tidy(folder, olderThanMs);
  const rows = await store.database.query<{ sha256: string }>(
    "select sha256 from artifact where sha256 = any($1::text[])",
    [whole],
  );
  const known = new Set(rows.map(({ sha256 }) => sha256));
  for (const sha256 of whole) if (!known.has(sha256)) await removeFile(store, sha256);
}
