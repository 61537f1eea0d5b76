// The views of a pool's other classes for a new target: what the source's moment is for its own class, the freshest moment
// that any endpoint has is for each of the others.
import type { ClassView } from "../../../domain/target/target.ts";
import type { View } from "../../../domain/view/view.ts";
import type { Query } from "../content.ts";

/** Ascending by class. A class whose databases no endpoint has brought whole has none, and its endpoints will be blocked. */
export async function chooseClassViews(sql: Query, poolId: string, sourceClass: string): Promise<readonly ClassView[]> {
  const rows = await sql.query<View & { readonly digest: string }>(
    `select distinct on (v.class) v.digest, v.architecture, v.class, v.databases
     from endpoint e join view v on v.digest = e.view_digest
     where e.pool_id = $1 and v.class not in ('', $2)
     order by v.class, v.newest_build desc, v.created_at desc, v.digest`,
    [poolId, sourceClass],
  );
  return rows.map(({ digest, architecture, class: ofClass, databases }) => ({
    view: { architecture, class: ofClass, databases },
    digest,
  }));
}
