// A revert marks what it leaves as bad. The same content must not come back because a machine still has it and somebody,
// or a timer, takes its moment again.
import { Refusal } from "../../../domain/refusal.ts";
import type { Target } from "../../../domain/target/target.ts";
import type { Sql } from "../../store/database.ts";

/** Refuses TARGET_BAD when the pool has the same content as a revision that was marked. */
export async function refuseBadAgain(
  sql: Sql,
  pool: { readonly id: string; readonly name: string },
  target: Pick<Target, "mode" | "viewDigest" | "pins" | "packageSetDigest">,
): Promise<void> {
  const { mode, viewDigest, pins, packageSetDigest } = target;
  const [bad] = await sql.query<{ revision: number }>(
    `select revision from target where pool_id = $1 and bad and mode = $2 and view_digest = $3 and pins = $4::jsonb
       and ($2 <> 'mirror' or package_set_digest = $5) order by revision desc limit 1`,
    [pool.id, mode, viewDigest, JSON.stringify([...pins]), packageSetDigest],
  );
  if (bad !== undefined) throw new Refusal("TARGET_BAD", { pool: pool.name, revision: String(bad.revision) });
}
