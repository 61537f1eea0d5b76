import { isDeepStrictEqual } from "node:util";
import type { ConflictMode } from "../../../domain/policy/resolve-conflicts.ts";
import { invalidField, Refusal } from "../../../domain/refusal.ts";
import type { Mode } from "../../../domain/target/target.ts";
import { changePool, type PoolChange } from "../../store/change-pool.ts";
import { isUniqueViolation } from "../../store/database-error.ts";
import type { Store } from "../../store/store.ts";
import type { Query } from "../content.ts";
import { findAnswer, idempotent } from "../idempotent.ts";
import type { PoolPolicyRow } from "../policy/endpoint-policies.ts";
import { findPool, type PoolRow, readPool, UNASSIGNED } from "../pool-rows.ts";
import type { Mutation, PoolRecord } from "../records.ts";
import { refreshPoolStatuses } from "../refresh-status.ts";

/** What is given changes. An empty text takes the pool's word back. */
export interface PoolPolicyChange {
  readonly conflicts?: ConflictMode;
  readonly allowDowngrade?: boolean;
  readonly apply?: string;
  readonly reboot?: string;
  readonly windows?: readonly string[];
  readonly missedWindow?: string;
}

export type UpdatePoolInput = Mutation & {
  readonly pool: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly mode: Mode | undefined;
  readonly policy?: PoolPolicyChange;
  readonly staleAfterDays?: number | undefined;
  readonly expectedRevision: number | undefined;
};

/**
 * Changes what is given; a new mode counts from the next target on. Refuses POOL_NOT_FOUND, POOL_EXISTS and, when another
 * revision was expected, STALE_REVISION.
 */
export async function updatePool(store: Store, input: UpdatePoolInput): Promise<PoolRecord> {
  const { caller: _caller, idempotencyKey: _key, ...asked } = input;
  const request = { deed: "update-pool", ...asked };
  // The pool may have another name by now.
  const earlier = await findAnswer<string>(store.database, input, request);
  if (earlier !== undefined) return readPool(store.database, earlier.value);
  const { id } = await findPool(store.database, input.pool);
  try {
    await changePool(store, id, (sql, change) =>
      idempotent(sql, input, request, async () => {
        await writePool(store, sql, change, input);
        return id;
      }),
    );
  } catch (error) {
    if (isUniqueViolation(error)) throw new Refusal("POOL_EXISTS", { pool: input.name ?? "" }, { cause: error });
    throw error;
  }
  return readPool(store.database, id);
}

async function writePool(store: Store, sql: Query, change: PoolChange, input: UpdatePoolInput): Promise<void> {
  const before = await findPool(sql, change.poolId);
  const seen = change.revision - 1;
  if (input.expectedRevision !== undefined && input.expectedRevision !== seen) {
    throw new Refusal("STALE_REVISION", { expected: String(input.expectedRevision), actual: String(seen) });
  }
  const after = changed(before, input);
  const isRenamed = after.name !== before.name;
  const isPolicyOther = !isDeepStrictEqual(policyColumns(after), policyColumns(before));
  if (!isRenamed && !isPolicyOther && isSameBeside(before, after)) return;
  if (isRenamed && before.name === UNASSIGNED) {
    throw invalidField("name", after.name, `${UNASSIGNED}: this pool keeps its name, new endpoints come into it`);
  }
  await sql.query(
    `update pool set name = $2, mode = $3, description = $4, conflicts = $5, allow_downgrade = $6, apply = $7, reboot = $8,
       windows = $9::jsonb, missed_window = $10, stale_after_days = $11 where id = $1`,
    [change.poolId, after.name, after.mode, after.description, ...policyColumns(after), after.stale_after_days],
  );
  change.touch({ kind: "pool", id: change.poolId });
  if (!isRenamed) {
    const changed = isPolicyOther ? await refreshPoolStatuses(store, sql, change.poolId) : [];
    for (const id of changed) change.touch({ kind: "endpoint", id });
    return;
  }
  // Endpoints show their pool's name, and so do the reasons of some.
  await refreshPoolStatuses(store, sql, change.poolId);
  const endpoints = await sql.query<{ id: string }>("select id from endpoint where pool_id = $1", [change.poolId]);
  for (const endpoint of endpoints) change.touch({ kind: "endpoint", id: endpoint.id });
}

type ChangedPool = Pick<PoolRow, "name" | "mode" | "description" | "stale_after_days"> & PoolPolicyRow;

function isSameBeside(one: ChangedPool, other: ChangedPool): boolean {
  return (["mode", "description", "stale_after_days"] as const).every((key) => one[key] === other[key]);
}

function policyColumns(row: PoolPolicyRow): readonly unknown[] {
  const { conflicts, allow_downgrade: allowDowngrade, apply, reboot, windows, missed_window: missedWindow } = row;
  return [conflicts, allowDowngrade, apply, reboot, JSON.stringify(windows), missedWindow];
}

function changed(before: PoolRow, input: UpdatePoolInput): ChangedPool {
  const policy = input.policy ?? {};
  return {
    conflicts: policy.conflicts ?? before.conflicts,
    allow_downgrade: policy.allowDowngrade ?? before.allow_downgrade,
    apply: policy.apply ?? before.apply,
    reboot: policy.reboot ?? before.reboot,
    windows: policy.windows ?? before.windows,
    missed_window: policy.missedWindow ?? before.missed_window,
    name: input.name ?? before.name,
    mode: input.mode ?? before.mode,
    description: input.description ?? before.description,
    stale_after_days: input.staleAfterDays ?? before.stale_after_days,
  };
}
