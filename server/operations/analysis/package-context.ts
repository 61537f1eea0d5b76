// What endpoints are compared with when one package is asked for: rows of endpoints, and per pool, class and view what drift
// would take. Views are few and large, so they are loaded as they are met, and not without end.
import type { DriftContext } from "../../../domain/drift/compute-drift.ts";
import type { Policy } from "../../../domain/policy/policy.ts";
import { namePolicy } from "../../../domain/policy/resolve-policy.ts";
import { type Target, targetForClass } from "../../../domain/target/target.ts";
import type { Content, Query } from "../content.ts";
import { driftContext } from "../drift-context.ts";

export interface PackageMember {
  readonly id: string;
  readonly name: string;
  readonly pool_id: string;
  readonly pool: string;
  readonly online: boolean;
  readonly package_set_digest: string | null;
  readonly view_digest: string | null;
  /** Null without a view. */
  readonly class: string | null;
  readonly held: readonly string[];
  /** Null for one that says nothing. */
  readonly policy: Policy | null;
  readonly policy_digest: string;
}

/** Of one pool or of all, ascending by name. */
export function readMembers(sql: Query, poolId: string | undefined): Promise<readonly PackageMember[]> {
  return sql.query<PackageMember>(
    `select e.id, e.name, e.pool_id, p.name as pool, e.online, e.package_set_digest, e.view_digest, v.class, e.held,
       case when e.policy_digest = '' then null else e.policy end as policy, e.policy_digest
     from endpoint e join pool p on p.id = e.pool_id left join view v on v.digest = e.view_digest
     where $1::uuid is null or e.pool_id = $1 order by e.name`,
    [poolId ?? null],
  );
}

/** Pairs of views that one answer looks into. Each may take a second to read; a pool has a few. */
const MAX_PAIRS = 32;

/** A sentence where there is nothing to compare with. */
export type Found = DriftContext | string;

export interface PackageContexts {
  readonly of: (member: PackageMember) => Promise<Found>;
}

/** `targets` by pool id. */
export function makePackageContexts(
  content: Content,
  sql: Query,
  targets: ReadonlyMap<string, Target>,
): PackageContexts {
  const bare = new Map<string, Promise<DriftContext | undefined>>();
  const ruled = new Map<string, DriftContext>();
  return {
    async of(member) {
      const { pool_id: poolId, view_digest: view, class: ofClass } = member;
      const newest = targets.get(poolId);
      if (member.package_set_digest === null) return "it has not reported its packages yet";
      if (newest === undefined) return "its pool has no target yet";
      if (view === null || ofClass === null || ofClass === "")
        return "its repositories are not whole on the server yet";
      const target = targetForClass(newest, ofClass);
      if (target === undefined) return `the target has no view for its class ${ofClass}`;
      const key = `${poolId} ${view}`;
      if (!bare.has(key) && bare.size >= MAX_PAIRS) return "too many different repositories at once; ask for its pool";
      const made = bare.get(key) ?? driftContext(content, sql, view, target);
      bare.set(key, made);
      const context = await made;
      if (context === undefined) return "repositories that it is compared by are not whole on the server yet";
      if (member.policy === null) return context;
      const ruledKey = `${key} ${member.policy_digest}`;
      const known = ruled.get(ruledKey) ?? { ...context, policy: namePolicy(member.policy, context) };
      ruled.set(ruledKey, known);
      return known;
    },
  };
}
