// By what a list is sorted: its columns, and the orders of endpoints and pools. Rows come in the order that they have
// without any sort, and keep it among equals.
import { SYNC_STATUSES } from "../../domain/drift/sync-status.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { PoolView } from "../../rpc/codec/pool.ts";
import type { ScreenName } from "../keys/binding.ts";

export interface Sort {
  readonly column: string;
  readonly isReversed: boolean;
}

interface Order<Row> {
  readonly column: string;
  /** Small ones first. */
  readonly key: (row: Row) => number;
}

/** What needs a hand first: the order in which the words take precedence. */
const STATUS_RANK = new Map(SYNC_STATUSES.map((status, rank) => [status, rank]));

function differing({ counts }: EndpointView): number {
  const { older, newer, rebuilt, missing, extra, reason, replaced } = counts;
  return older + newer + rebuilt + missing + extra + reason + replaced;
}

const ENDPOINT_ORDERS: readonly Order<EndpointView>[] = [
  { column: "name", key: () => 0 },
  { column: "status", key: ({ status }) => STATUS_RANK.get(status) ?? 0 },
  { column: "differs", key: (endpoint) => -differing(endpoint) },
  // Who was not seen for longest comes last: what can be worked with comes first.
  { column: "presence", key: ({ isOnline, lastSeenMs }) => (isOnline ? -Infinity : -lastSeenMs) },
  { column: "at", key: ({ appliedRevision }) => appliedRevision },
];

const POOL_ORDERS: readonly Order<PoolView>[] = [
  { column: "name", key: () => 0 },
  { column: "status", key: ({ counts }) => SYNC_STATUSES.findIndex((status) => counts[status] > 0) },
  { column: "endpoints", key: ({ endpoints }) => -endpoints },
  { column: "online", key: ({ online }) => -online },
  { column: "target", key: ({ target }) => -(target?.createdAtMs ?? 0) },
];

/** Columns by which the list of a screen can be sorted, the first one being its own order; absent for none. */
const COLUMNS: Readonly<Partial<Record<ScreenName, readonly string[]>>> = {
  pools: POOL_ORDERS.map(({ column }) => column),
  dashboard: POOL_ORDERS.map(({ column }) => column),
  endpoints: ENDPOINT_ORDERS.map(({ column }) => column),
  pool: ENDPOINT_ORDERS.map(({ column }) => column),
};

export function columnsOf(screen: ScreenName): readonly string[] {
  return COLUMNS[screen] ?? [];
}

export function sortEndpoints(rows: readonly EndpointView[], sort: Sort | undefined): readonly EndpointView[] {
  return sortRows(rows, ENDPOINT_ORDERS, sort);
}

export function sortPools(rows: readonly PoolView[], sort: Sort | undefined): readonly PoolView[] {
  return sortRows(rows, POOL_ORDERS, sort);
}

/** In buckets of equal keys: with ten thousand rows and a dozen keys that is no more than one walk. */
function sortRows<Row>(rows: readonly Row[], orders: readonly Order<Row>[], sort: Sort | undefined): readonly Row[] {
  const order = orders.find(({ column }) => column === sort?.column);
  if (sort === undefined || order === undefined) return rows;
  const buckets = new Map<number, Row[]>();
  for (const row of rows) {
    const key = order.key(row);
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [row]);
    else bucket.push(row);
  }
  const keys = [...buckets.keys()].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  const sorted = keys.flatMap((key) => buckets.get(key) ?? []);
  return sort.isReversed ? sorted.reverse() : sorted;
}

/** The column `by` places further; the list's own order after the last one. */
export function nextSort(screen: ScreenName, sort: Sort | undefined, by: 1 | -1): Sort | undefined {
  const columns = columnsOf(screen);
  const at = sort === undefined ? 0 : columns.indexOf(sort.column);
  const column = columns[(at + by + columns.length) % columns.length];
  return column === undefined || column === columns[0] ? undefined : { column, isReversed: false };
}

/** A column's title with the sign of its direction when the list is sorted by it: "STATUS▾". */
export function sortedTitle(title: string, column: string, sort: Sort | undefined): string {
  return sort?.column === column ? `${title}${sort.isReversed ? "▴" : "▾"}` : title;
}
