// What waits for people over the whole fleet: what endpoints see of themselves and what the server knows of them.
import { type InboxItem, type InboxKind, inboxOf } from "../../../domain/inbox/inbox-item.ts";
import { endpointIdOf } from "../change-endpoint.ts";
import type { Query } from "../content.ts";
import { pageOf, pageStart } from "../pages.ts";
import { findPool } from "../pool-rows.ts";
import type { Page, PageOf } from "../records.ts";

export interface InboxFilter {
  /** Ids or names; undefined means all. */
  readonly pool: string | undefined;
  readonly endpoint: string | undefined;
  readonly kind: InboxKind | undefined;
}

export interface InboxEntry {
  readonly endpointId: string;
  readonly endpoint: string;
  readonly pool: string;
  readonly items: readonly InboxItem[];
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly pool: string;
  readonly status: string;
  readonly reasons: readonly string[];
  readonly degraded_because: readonly string[];
  readonly inbox: readonly InboxItem[];
}

/** An item in SQL: what a page may skip without looking. */
export const HAS_INBOX =
  "(e.inbox <> '[]' or e.degraded_because <> '[]' or e.status in ('blocked', 'pending-approval'))";

/** Endpoints that something waits on, by name. Throws POOL_NOT_FOUND, ENDPOINT_NOT_FOUND, INVALID_FIELD for a bad token. */
export async function listInbox(sql: Query, filter: InboxFilter, page: Page): Promise<PageOf<InboxEntry>> {
  const after = pageStart(page);
  const poolId = filter.pool === undefined ? null : (await findPool(sql, filter.pool)).id;
  const endpointId = filter.endpoint === undefined ? null : await endpointIdOf(sql, filter.endpoint);
  const rows = await sql.query<Row>(
    `select e.id, e.name, p.name as pool, e.status, e.reasons, e.degraded_because, e.inbox
     from endpoint e join pool p on p.id = e.pool_id
     where ${HAS_INBOX} and ($1::uuid is null or e.pool_id = $1) and ($2::uuid is null or e.id = $2)
       and ($3::text is null or e.name > $3) order by e.name limit $4`,
    [poolId, endpointId, after ?? null, page.size + 1],
  );
  const { items, nextToken } = pageOf(page, rows, (row) => row.name);
  const entries = items.map((row) => entryOf(row, filter.kind)).filter((entry) => entry.items.length > 0);
  return { items: entries, nextToken };
}

function entryOf(row: Row, kind: InboxKind | undefined): InboxEntry {
  const all = inboxOf({
    status: row.status,
    reasons: row.reasons,
    degradedBecause: row.degraded_because,
    seen: row.inbox,
  });
  const items = kind === undefined ? all : all.filter((one) => one.kind === kind);
  return { endpointId: row.id, endpoint: row.name, pool: row.pool, items };
}
