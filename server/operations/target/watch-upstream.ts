// What the repositories have beyond a pool's target, from the databases that its own endpoints have seen: nobody asks a
// mirror for it. Kept with the pool, so that everyone who watches it hears of it; never part of a sync status.
import { type Beyond, computeBeyond, type Upstream } from "../../../domain/target/beyond.ts";
import { type Target, targetForClass } from "../../../domain/target/target.ts";
import { changePool } from "../../store/change-pool.ts";
import type { Store } from "../../store/store.ts";
import { contentOf, type Query } from "../content.ts";
import { type Lru, makeLru } from "../lru.ts";
import { readNewestTarget } from "../target-rows.ts";

/** Views of a pool that are looked at after a new target; those of most endpoints first. */
const MAX_VIEWS = 16;

/** Comparisons of two views; each is three numbers. */
const KEPT_COMPARISONS = 1_024;

interface Seen {
  readonly endpoint: string;
  readonly viewDigest: string;
  readonly class: string;
}

const comparisons = new WeakMap<object, Lru<Beyond | undefined>>();

/** After an endpoint reported a view whose databases are all here. */
export async function considerView(store: Store, endpointId: string): Promise<void> {
  const sql = store.database;
  const [seen] = await sql.query<{ pool_id: string; endpoint: string; view_digest: string; class: string }>(
    `select e.pool_id, e.name as endpoint, e.view_digest, v.class from endpoint e join view v on v.digest = e.view_digest
     where e.id = $1`,
    [endpointId],
  );
  if (seen === undefined) return;
  const { pool_id: poolId, endpoint, view_digest: viewDigest } = seen;
  const target = await readNewestTarget(sql, poolId);
  if (target === undefined) return;
  const found = await beyond(store, sql, target, { endpoint, viewDigest, class: seen.class });
  if (found === undefined) return;
  const known = await readUpstream(sql, poolId);
  if (known !== undefined && known.builtAt >= found.builtAt) return;
  await writeUpstream(store, poolId, target.revision, found);
}

/** After a pool got a new target: the newest of what its endpoints have. */
export async function searchUpstream(store: Store, poolId: string): Promise<void> {
  const sql = store.database;
  const target = await readNewestTarget(sql, poolId);
  if (target === undefined) return;
  const views = await sql.query<{ endpoint: string; view_digest: string; class: string }>(
    `select min(e.name) as endpoint, e.view_digest, v.class from endpoint e join view v on v.digest = e.view_digest
     where e.pool_id = $1 group by e.view_digest, v.class order by count(*) desc, e.view_digest limit $2`,
    [poolId, MAX_VIEWS],
  );
  let newest: Upstream | undefined;
  for (const { endpoint, view_digest: viewDigest, class: ofClass } of views) {
    const found = await beyond(store, sql, target, { endpoint, viewDigest, class: ofClass });
    if (found !== undefined && found.builtAt > (newest?.builtAt ?? 0)) newest = found;
  }
  await writeUpstream(store, poolId, target.revision, newest);
}

/** Undefined when nothing newer is known. */
async function readUpstream(sql: Query, poolId: string): Promise<Upstream | undefined> {
  const [row] = await sql.query<{ upstream: Upstream | null }>("select upstream from pool where id = $1", [poolId]);
  return row?.upstream ?? undefined;
}

async function beyond(store: Store, sql: Query, target: Target, seen: Seen): Promise<Upstream | undefined> {
  const mine = targetForClass(target, seen.class);
  if (mine === undefined || mine.viewDigest === seen.viewDigest) return undefined;
  const content = contentOf(store);
  const targetView = await content.viewIndex(sql, mine.viewDigest);
  const other = targetView === undefined ? undefined : await content.viewIndex(sql, seen.viewDigest);
  if (targetView === undefined || other === undefined) return undefined;
  const key = [mine.viewDigest, seen.viewDigest, target.packageSetDigest, ...[...target.pins].flat()].join(" ");
  const found = await comparisonsOf(store).load(key, async () => {
    return computeBeyond(target, targetView, other, await content.packageSet(sql, target.packageSetDigest));
  });
  return found === undefined ? undefined : { ...found, endpoint: seen.endpoint };
}

function comparisonsOf({ artifacts }: Store): Lru<Beyond | undefined> {
  const known = comparisons.get(artifacts) ?? makeLru<Beyond | undefined>(KEPT_COMPARISONS);
  comparisons.set(artifacts, known);
  return known;
}

/** Only while that target is the newest: another's search says more. */
async function writeUpstream(
  store: Store,
  poolId: string,
  revision: number,
  upstream: Upstream | undefined,
): Promise<void> {
  await changePool(store, poolId, async (sql, change) => {
    const rows = await sql.query(
      `update pool set upstream = $2::jsonb where id = $1 and target_revision = $3 and upstream is distinct from $2::jsonb
       returning id`,
      [poolId, upstream === undefined ? null : JSON.stringify(upstream), revision],
    );
    if (rows.length > 0) change.touch({ kind: "pool", id: poolId });
  });
}
