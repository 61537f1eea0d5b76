// Rules as rows, with the names of the pools and endpoints that they are for.
import type { PolicyKind } from "../../../domain/policy/policy.ts";
import type { Query } from "../content.ts";

export type RuleScopeRecord =
  | { readonly kind: "pool"; readonly pool: string; readonly poolId: string }
  | { readonly kind: "label"; readonly label: string }
  | { readonly kind: "endpoint"; readonly endpoint: string; readonly endpointId: string };

export interface RuleRecord {
  readonly id: string;
  readonly kind: PolicyKind;
  readonly scope: RuleScopeRecord;
  readonly pattern: string;
  readonly author: string;
  readonly message: string;
  readonly createdAt: Date;
}

/** A scope by ids: what a row has. */
export interface ScopeIds {
  readonly poolId: string | null;
  readonly endpointId: string | null;
  readonly label: string | null;
}

interface RuleRow {
  readonly id: string;
  readonly kind: PolicyKind;
  readonly pool_id: string | null;
  readonly pool: string | null;
  readonly endpoint_id: string | null;
  readonly endpoint: string | null;
  readonly label: string | null;
  readonly pattern: string;
  readonly author: string;
  readonly message: string;
  readonly created_at: Date;
}

const SELECT = `select r.id, r.kind, r.pool_id, p.name as pool, r.endpoint_id, e.name as endpoint, r.label, r.pattern, r.author,
  r.message, r.created_at from policy_rule r left join pool p on p.id = r.pool_id
  left join endpoint e on e.id = r.endpoint_id`;

export async function readRule(sql: Query, id: string): Promise<RuleRecord | undefined> {
  const [row] = await sql.query<RuleRow>(`${SELECT} where r.id::text = $1`, [id]);
  return row === undefined ? undefined : ruleOf(row);
}

/** The rule that says exactly this. */
export async function findRule(
  sql: Query,
  { poolId, endpointId, label }: ScopeIds,
  kind: PolicyKind,
  pattern: string,
): Promise<RuleRecord | undefined> {
  const [row] = await sql.query<RuleRow>(
    `${SELECT} where r.kind = $1 and r.pattern = $2 and r.pool_id is not distinct from $3::uuid
       and r.endpoint_id is not distinct from $4::uuid and r.label is not distinct from $5::text`,
    [kind, pattern, poolId, endpointId, label],
  );
  return row === undefined ? undefined : ruleOf(row);
}

export interface RuleFilter {
  readonly kind: PolicyKind | undefined;
  readonly scope: ScopeIds | undefined;
}

/** By kind, pattern and id, those after one. */
export async function readRulesAfter(
  sql: Query,
  { kind, scope }: RuleFilter,
  after: string | undefined,
  limit: number,
): Promise<readonly RuleRecord[]> {
  const rows = await sql.query<RuleRow>(
    `${SELECT} where ($1::text is null or r.kind = $1)
       and ($2::boolean or (r.pool_id is not distinct from $3::uuid and r.endpoint_id is not distinct from $4::uuid
         and r.label is not distinct from $5::text))
       and ($6::text is null or (r.kind, r.pattern, r.id::text) > ($6, $7::text, $8::text))
     order by r.kind, r.pattern, r.id::text limit $9`,
    [
      kind ?? null,
      scope === undefined,
      scope?.poolId ?? null,
      scope?.endpointId ?? null,
      scope?.label ?? null,
      ...placeOf(after),
      limit,
    ],
  );
  return rows.map(ruleOf);
}

/** A rule's place in the order, as one word per column: none of them has a space. */
export function rulePlace({ kind, pattern, id }: RuleRecord): string {
  return `${kind} ${pattern} ${id}`;
}

function placeOf(after: string | undefined): readonly (string | null)[] {
  const [kind = null, pattern = null, id = null] = after?.split(" ") ?? [];
  return [kind, pattern, id];
}

function ruleOf(row: RuleRow): RuleRecord {
  const { id, kind, pattern, author, message, created_at: createdAt } = row;
  return { id, kind, scope: scopeOf(row), pattern, author, message, createdAt };
}

function scopeOf(row: RuleRow): RuleScopeRecord {
  if (row.pool_id !== null) return { kind: "pool", pool: row.pool ?? "", poolId: row.pool_id };
  if (row.endpoint_id !== null) return { kind: "endpoint", endpoint: row.endpoint ?? "", endpointId: row.endpoint_id };
  return { kind: "label", label: row.label ?? "" };
}
