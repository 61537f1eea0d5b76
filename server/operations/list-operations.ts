// Operations, newest first, a page at a time.

import { endpointIdOf } from "./change-endpoint.ts";
import type { Query } from "./content.ts";
import { FINISHED_STATES, type OperationRow, operationRecord, SELECT_OPERATION } from "./operation-rows.ts";
import { pageOf, pageStart } from "./pages.ts";
import { findPool } from "./pool-rows.ts";
import type { OperationRecord, Page, PageOf } from "./records.ts";

export interface ListFilter {
  /** Ids or names; undefined means all. */
  readonly pool: string | undefined;
  readonly endpoint: string | undefined;
  /** Only those that have not finished. */
  readonly active: boolean;
}

/** Throws POOL_NOT_FOUND, ENDPOINT_NOT_FOUND, INVALID_FIELD for a token that is none of ours. */
export async function listOperations(sql: Query, filter: ListFilter, page: Page): Promise<PageOf<OperationRecord>> {
  const after = pageStart(page);
  const poolId = filter.pool === undefined ? null : (await findPool(sql, filter.pool)).id;
  const endpointId = filter.endpoint === undefined ? null : await endpointIdOf(sql, filter.endpoint);
  const rows = await sql.query<OperationRow>(
    `${SELECT_OPERATION}
     where ($1::uuid is null or o.pool_id = $1) and ($2::uuid is null or o.endpoint_id = $2)
       and ($3::text[] is null or o.state <> all($3))
       and ($4::text is null or (o.created_at, o.id) < (select created_at, id from operation where id::text = $4))
     order by o.created_at desc, o.id desc limit $5`,
    [poolId, endpointId, filter.active ? FINISHED_STATES : null, after ?? null, page.size + 1],
  );
  return pageOf(page, rows.map(operationRecord), (one) => one.id);
}
