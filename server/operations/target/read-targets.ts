import { invalidField, Refusal } from "../../../domain/refusal.ts";
import type { Target } from "../../../domain/target/target.ts";
import type { Store } from "../../store/store.ts";
import type { Query } from "../content.ts";
import { pageOf, pageStart } from "../pages.ts";
import { findPool, type PoolRow } from "../pool-rows.ts";
import type { Page, PageOf, PoolTarget } from "../records.ts";
import { readNewestTarget, readTarget, readTargetsBelow } from "../target-rows.ts";

/** Undefined means the newest. Refuses NO_TARGET and TARGET_NOT_FOUND. */
export async function requireTarget(sql: Query, pool: PoolRow, revision: number | undefined): Promise<Target> {
  if (revision === undefined) {
    const newest = await readNewestTarget(sql, pool.id);
    if (newest === undefined) throw new Refusal("NO_TARGET", { pool: pool.name });
    return newest;
  }
  const target = await readTarget(sql, pool.id, revision);
  if (target === undefined) throw new Refusal("TARGET_NOT_FOUND", { pool: pool.name, revision: String(revision) });
  return target;
}

export function getTarget(store: Store, reference: string, revision: number | undefined): Promise<PoolTarget> {
  return store.database.snapshot(async (sql) => {
    const pool = await findPool(sql, reference);
    return { poolId: pool.id, target: await requireTarget(sql, pool, revision) };
  });
}

/** Newest first. */
export async function listTargets(
  store: Store,
  reference: string,
  page: Page,
): Promise<{ readonly poolId: string } & PageOf<Target>> {
  const below = revisionOf(page);
  return store.database.snapshot(async (sql) => {
    const { id } = await findPool(sql, reference);
    const targets = await readTargetsBelow(sql, id, below, page.size + 1);
    return { poolId: id, ...pageOf(page, targets, (target) => String(target.revision)) };
  });
}

function revisionOf(page: Page): number {
  const start = pageStart(page);
  if (start === undefined) return Number.MAX_SAFE_INTEGER;
  if (!/^[1-9][0-9]{0,14}$/.test(start)) throw invalidField("page_token", start, "the token of the page before");
  return Number(start);
}
