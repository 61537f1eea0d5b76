// Endpoints that may take their pool's target without being told by a person: pool and owner both say so, and nothing about
// this target has gone wrong there before.
import type { Query } from "../content.ts";

export interface WillingEndpoint {
  readonly id: string;
  readonly name: string;
  readonly pool: string;
  /** What a new attempt would start from and lead to; the same again would end the same. */
  readonly attempt: string;
}

/** What begins without a person; when, the endpoint itself decides. */
const BY_ITSELF = ["window", "shutdown", "auto"];

/**
 * Of those that are connected here, by name; of all pools or only some. Only `behind`: what is ahead or diverged was somebody's deed and needs a word.
 * A bad target, one that was reverted on the machine, and one whose operation failed there are not begun again; nor is
 * anything on a machine that went back after the target was made, from whatever it went.
 */
export function listWilling(
  sql: Query,
  connected: readonly string[],
  pools: readonly string[] | undefined,
): Promise<readonly WillingEndpoint[]> {
  return sql.query<WillingEndpoint>(
    `select e.id, e.name, p.name as pool, p.target_revision || ' ' || e.package_set_digest || ' ' || e.policy_digest as attempt
     from endpoint e join pool p on p.id = e.pool_id
     join target t on t.pool_id = p.id and t.revision = p.target_revision
     where e.id = any($1::uuid[]) and ($3::uuid[] is null or p.id = any($3::uuid[])) and e.online and e.status = 'behind' and not t.bad
       and e.apply = any($2::text[]) and (p.apply = '' or p.apply = any($2::text[]))
       and not exists (select 1 from operation o where o.endpoint_id = e.id and o.pool_id = p.id
         and (o.target_revision = p.target_revision and (o.is_revert or o.state <> 'succeeded')
           or o.is_revert and o.created_at > t.created_at))
     order by e.name`,
    [connected, BY_ITSELF, pools ?? null],
  );
}
