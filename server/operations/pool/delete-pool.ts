import { invalidField, Refusal } from "../../../domain/refusal.ts";
import { changePool } from "../../store/change-pool.ts";
import type { Store } from "../../store/store.ts";
import { findAnswer, idempotent } from "../idempotent.ts";
import { findPool, UNASSIGNED } from "../pool-rows.ts";
import type { Mutation } from "../records.ts";

/** Forgets an empty pool with its targets and tokens. Refuses POOL_NOT_EMPTY, and always keeps the pool unassigned. */
export async function deletePool(store: Store, input: Mutation & { readonly pool: string }): Promise<void> {
  const request = { deed: "delete-pool", pool: input.pool };
  if ((await findAnswer(store.database, input, request)) !== undefined) return;
  const { id } = await findPool(store.database, input.pool);
  await changePool(store, id, (sql, change) =>
    idempotent(sql, input, request, async () => {
      const { name } = await findPool(sql, id);
      if (name === UNASSIGNED) throw invalidField("pool", name, "another pool: new endpoints come into this one");
      const inside = await sql.query("select 1 from endpoint where pool_id = $1 limit 1", [id]);
      if (inside.length > 0) throw new Refusal("POOL_NOT_EMPTY", { pool: name });
      await sql.query("delete from pool where id = $1", [id]);
      change.touch({ kind: "removed-pool", id });
      return null;
    }),
  );
}
