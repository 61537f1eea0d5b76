import { randomUUID } from "node:crypto";
import { Refusal } from "../../../domain/refusal.ts";
import type { Mode } from "../../../domain/target/target.ts";
import type { Store } from "../../store/store.ts";
import type { Query } from "../content.ts";
import { idempotent } from "../idempotent.ts";
import { readPool, UNASSIGNED } from "../pool-rows.ts";
import type { Mutation, PoolRecord } from "../records.ts";

export type CreatePoolInput = Mutation & { readonly name: string; readonly mode: Mode; readonly description: string };

/** Makes an empty pool at revision 1. Refuses POOL_EXISTS. */
export async function createPool(store: Store, input: CreatePoolInput): Promise<PoolRecord> {
  const { name, mode, description } = input;
  const request = { deed: "create-pool", name, mode, description };
  let created: string | undefined;
  const id = await store.database.transaction((sql) =>
    idempotent(sql, input, request, async () => {
      created = await insertPool(sql, input);
      if (created === undefined) throw new Refusal("POOL_EXISTS", { pool: name });
      return created;
    }),
  );
  if (created !== undefined) store.bell.ring(created);
  return readPool(store.database, id);
}

/** Makes the pool that new endpoints come into, unless it is there. Gives its id. */
export async function ensureUnassignedPool(store: Store): Promise<string> {
  const description = "Endpoints whose token names no pool.";
  const created = await store.database.transaction((sql) =>
    insertPool(sql, { name: UNASSIGNED, mode: "versions", description }),
  );
  if (created !== undefined) store.bell.ring(created);
  return created ?? (await readPool(store.database, UNASSIGNED)).id;
}

/** Undefined when the name is taken. */
async function insertPool(
  sql: Query,
  input: { readonly name: string; readonly mode: Mode; readonly description: string },
): Promise<string | undefined> {
  const id = randomUUID();
  const rows = await sql.query(
    `insert into pool (id, name, mode, description, revision) values ($1, $2, $3, $4, 1)
     on conflict (name) do nothing returning id`,
    [id, input.name, input.mode, input.description],
  );
  if (rows.length === 0) return undefined;
  const refs = JSON.stringify([{ kind: "pool", id }]);
  await sql.query("insert into pool_event (pool_id, revision, refs) values ($1, 1, $2::jsonb)", [id, refs]);
  return id;
}
