// Pools for the edge, bound to a store.
import type { Store } from "../../store/store.ts";
import { pageOf, pageStart } from "../pages.ts";
import { readPool, readPoolsAfter } from "../pool-rows.ts";
import type { Mutation, Page, PageOf, PoolRecord } from "../records.ts";
import { type CreatePoolInput, createPool } from "./create-pool.ts";
import { deletePool } from "./delete-pool.ts";
import { type UpdatePoolInput, updatePool } from "./update-pool.ts";

export interface PoolOperations {
  readonly createPool: (input: CreatePoolInput) => Promise<PoolRecord>;
  readonly getPool: (pool: string) => Promise<PoolRecord>;
  readonly listPools: (page: Page) => Promise<PageOf<PoolRecord>>;
  readonly updatePool: (input: UpdatePoolInput) => Promise<PoolRecord>;
  readonly deletePool: (input: Mutation & { readonly pool: string }) => Promise<void>;
}

export function makePoolOperations(store: Store): PoolOperations {
  return {
    createPool: (input) => createPool(store, input),
    getPool: (pool) => store.database.snapshot((sql) => readPool(sql, pool)),
    listPools: (page) => store.database.snapshot((sql) => listPools(sql, page)),
    updatePool: (input) => updatePool(store, input),
    deletePool: (input) => deletePool(store, input),
  };
}

async function listPools(sql: Parameters<typeof readPoolsAfter>[0], page: Page): Promise<PageOf<PoolRecord>> {
  return pageOf(page, await readPoolsAfter(sql, pageStart(page), page.size + 1), (pool) => pool.name);
}
