// Rules come and go. A rule is a row first; then every pool that it concerns is compared anew, one transaction each, which
// also tells the agents. A repetition of the call does the second part again, so a crash in between loses nothing.
import { randomUUID } from "node:crypto";
import { MAX_LISTED_NAMES } from "../../../domain/limits.ts";
import type { PolicyKind } from "../../../domain/policy/policy.ts";
import { Refusal, tooLarge } from "../../../domain/refusal.ts";
import { changePool } from "../../store/change-pool.ts";
import type { Sql } from "../../store/database.ts";
import type { Store } from "../../store/store.ts";
import type { Query } from "../content.ts";
import { readEndpoint } from "../endpoint-rows.ts";
import { findAnswer, idempotent } from "../idempotent.ts";
import { findPool } from "../pool-rows.ts";
import { authorOf, type Mutation } from "../records.ts";
import { refreshPoolStatuses } from "../refresh-status.ts";
import { findRule, type RuleRecord, type RuleScopeRecord, readRule, type ScopeIds } from "./rule-rows.ts";

/** For whom, by names or ids of people. */
export type ScopeInput =
  | { readonly kind: "pool"; readonly pool: string }
  | { readonly kind: "label"; readonly label: string }
  | { readonly kind: "endpoint"; readonly endpoint: string };

export type AddRuleInput = Mutation & {
  readonly kind: PolicyKind;
  readonly scope: ScopeInput;
  readonly pattern: string;
  readonly message: string;
};

export type RemoveRuleInput = Mutation & {
  readonly rule:
    | { readonly id: string }
    | { readonly kind: PolicyKind; readonly scope: ScopeInput; readonly pattern: string };
};

/** Throws POOL_NOT_FOUND or ENDPOINT_NOT_FOUND. */
export async function scopeIds(sql: Query, scope: ScopeInput): Promise<ScopeIds> {
  const none = { poolId: null, endpointId: null, label: null };
  switch (scope.kind) {
    case "pool":
      return { ...none, poolId: (await findPool(sql, scope.pool)).id };
    case "endpoint":
      return { ...none, endpointId: (await readEndpoint(sql, scope.endpoint)).id };
    case "label":
      return { ...none, label: scope.label };
  }
}

/** The same rule again is that rule. Refuses POOL_NOT_FOUND, ENDPOINT_NOT_FOUND, TOO_LARGE. */
export async function addRule(store: Store, input: AddRuleInput): Promise<RuleRecord> {
  const { caller, idempotencyKey: _key, ...asked } = input;
  const request = { deed: "add-rule", ...asked };
  const id = await store.database.transaction((sql) =>
    idempotent(sql, input, request, async () => {
      const ids = await scopeIds(sql, input.scope);
      const known = await findRule(sql, ids, input.kind, input.pattern);
      return known?.id ?? insertRule(sql, input, ids, authorOf(caller));
    }),
  );
  const rule = await readRule(store.database, id);
  if (rule === undefined) throw new Refusal("RULE_NOT_FOUND", { rule: id });
  await refreshConcerned(store, rule.scope);
  return rule;
}

async function insertRule(sql: Sql, input: AddRuleInput, ids: ScopeIds, author: string): Promise<string> {
  const { poolId, endpointId, label } = ids;
  const [row] = await sql.query<{ rules: number }>("select count(*)::integer as rules from policy_rule");
  if ((row?.rules ?? 0) >= MAX_LISTED_NAMES) throw tooLarge("rules", MAX_LISTED_NAMES);
  const [written] = await sql.query<{ id: string }>(
    `insert into policy_rule (id, kind, pool_id, endpoint_id, label, pattern, author, message)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (kind, pattern, pool_id, endpoint_id, label) do update set kind = excluded.kind returning id`,
    [randomUUID(), input.kind, poolId, endpointId, label, input.pattern, author, input.message],
  );
  return written?.id ?? "";
}

/** A type, since interfaces have no index signature: idempotency keeps it. */
type RemovedRule = {
  readonly id: string;
  readonly kind: PolicyKind;
  readonly scope: RuleScopeRecord;
  readonly pattern: string;
  readonly author: string;
  readonly message: string;
  readonly createdAtMs: number;
};

/** Gives what the rule was. Refuses RULE_NOT_FOUND. */
export async function removeRule(store: Store, input: RemoveRuleInput): Promise<RuleRecord> {
  const request = { deed: "remove-rule", rule: input.rule };
  const earlier = await findAnswer<RemovedRule>(store.database, input, request);
  const removed =
    earlier?.value ??
    (await store.database.transaction((sql) =>
      idempotent<RemovedRule>(sql, input, request, () => deleteRule(sql, input.rule)),
    ));
  await refreshConcerned(store, removed.scope);
  const { createdAtMs, ...rest } = removed;
  return { ...rest, createdAt: new Date(createdAtMs) };
}

async function deleteRule(sql: Sql, wanted: RemoveRuleInput["rule"]): Promise<RemovedRule> {
  const rule =
    "id" in wanted
      ? await readRule(sql, wanted.id)
      : await findRule(sql, await scopeIds(sql, wanted.scope), wanted.kind, wanted.pattern);
  if (rule === undefined) {
    throw new Refusal("RULE_NOT_FOUND", { rule: "id" in wanted ? wanted.id : `${wanted.kind} ${wanted.pattern}` });
  }
  await sql.query("delete from policy_rule where id = $1", [rule.id]);
  const { createdAt, ...rest } = rule;
  return { ...rest, createdAtMs: createdAt.getTime() };
}

/** A label is in every pool. A pool that is gone by now has nobody to compare. */
async function refreshConcerned(store: Store, scope: RuleScopeRecord): Promise<void> {
  for (const poolId of await concernedPools(store.database, scope)) {
    await changePool(store, poolId, async (sql, change) => {
      const changed = await refreshPoolStatuses(store, sql, poolId);
      for (const id of changed) change.touch({ kind: "endpoint", id });
      if (changed.length > 0) change.touch({ kind: "pool", id: poolId });
    }).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.reason !== "POOL_NOT_FOUND") throw error;
    });
  }
}

async function concernedPools(sql: Query, scope: RuleScopeRecord): Promise<readonly string[]> {
  if (scope.kind === "pool") return [scope.poolId];
  const rows =
    scope.kind === "endpoint"
      ? await sql.query<{ pool_id: string }>("select pool_id from endpoint where id = $1", [scope.endpointId])
      : await sql.query<{ pool_id: string }>(
          "select distinct pool_id from endpoint where labels ? $1 order by pool_id",
          [scope.label.split("=", 1)[0] ?? ""],
        );
  return rows.map((row) => row.pool_id);
}
