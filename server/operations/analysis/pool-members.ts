// The rows that an analysis begins with: a pool's endpoints, each with the digests of its view and set.

import { isPackageName } from "../../../domain/package-set/package-set.ts";
import type { Query } from "../content.ts";
import { findPool, type PoolRow } from "../pool-rows.ts";

/** As in domain/policy/pattern.ts: these are no plain names. */
const GLOB = /^@|[*?[\\]/;

export interface MemberRow {
  readonly name: string;
  readonly view_digest: string | null;
  readonly package_set_digest: string | null;
  readonly held: readonly string[];
  readonly online: boolean;
  readonly degraded: boolean;
}

export interface PoolMembers {
  readonly pool: PoolRow;
  /** Ascending by name. */
  readonly rows: readonly MemberRow[];
  /** Names that rules of the whole pool share; globs and groups ask for whatever there is. */
  readonly shared: readonly string[];
}

/** By id or name. Throws POOL_NOT_FOUND. */
export async function readPoolMembers(sql: Query, reference: string): Promise<PoolMembers> {
  const pool = await findPool(sql, reference);
  const rows = await sql.query<MemberRow>(
    `select name, view_digest, package_set_digest, held, online, jsonb_array_length(degraded_because) > 0 as degraded
     from endpoint where pool_id = $1 order by name`,
    [pool.id],
  );
  const rules = await sql.query<{ pattern: string }>(
    "select pattern from policy_rule where pool_id = $1 and kind = 'share' order by pattern",
    [pool.id],
  );
  const shared = rules.map(({ pattern }) => pattern).filter(isPackageName);
  return { pool, rows, shared: shared.filter((name) => !GLOB.test(name)) };
}

/** Distinct view digests, those of most endpoints first. */
export function viewDigestsOf(rows: readonly MemberRow[]): readonly string[] {
  const endpoints = new Map<string, number>();
  for (const { view_digest: digest } of rows) {
    if (digest !== null) endpoints.set(digest, (endpoints.get(digest) ?? 0) + 1);
  }
  return [...endpoints].toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1)).map(([digest]) => digest);
}
