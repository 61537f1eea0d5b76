// From rules as rows to the policy of one endpoint: those of its pool, of its labels and its own, added up, with what the
// pool itself says. The result lies in the endpoint's row; only refresh-status.ts writes it.
import {
  addRules,
  canonicalPolicy,
  type KeptPackage,
  NO_POLICY,
  type Policy,
  type PolicyKind,
} from "../../../domain/policy/policy.ts";
import type { ConflictMode } from "../../../domain/policy/resolve-conflicts.ts";
import { type Query, sha256Of } from "../content.ts";

/** The columns of a pool that say something about its endpoints. */
export interface PoolPolicyRow {
  readonly conflicts: ConflictMode;
  readonly allow_downgrade: boolean;
  readonly apply: string;
  readonly reboot: string;
  readonly windows: readonly string[];
  readonly missed_window: string;
}

export interface RulePattern {
  readonly kind: PolicyKind;
  readonly pattern: string;
  readonly endpoint_id: string | null;
  readonly label: string | null;
}

export type Patterns = Pick<Policy, "holds" | "shares" | "owns" | "foreigns">;

/** Those that may concern an endpoint of the pool; labels know no pools. */
export function readPoolRules(sql: Query, poolId: string): Promise<readonly RulePattern[]> {
  return sql.query<RulePattern>(
    `select r.kind, r.pattern, r.endpoint_id, r.label from policy_rule r left join endpoint e on e.id = r.endpoint_id
     where r.pool_id = $1 or e.pool_id = $1 or r.label is not null`,
    [poolId],
  );
}

export interface RuleSubject {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

const NO_PATTERNS: Patterns = addRules([]);

/** The same object for endpoints without rules, so that thousands of them cost nothing. */
export function patternsFor(rules: readonly RulePattern[], endpoint: RuleSubject): Patterns {
  const own = rules.filter((rule) => concerns(rule, endpoint));
  return own.length === 0 ? NO_PATTERNS : addRules(own);
}

function concerns({ endpoint_id: endpointId, label }: RulePattern, endpoint: RuleSubject): boolean {
  if (endpointId !== null) return endpointId === endpoint.id;
  return label === null || hasLabel(endpoint.labels, label);
}

/** `selector`: NAME=VALUE, or NAME for any value. */
function hasLabel(labels: Readonly<Record<string, string>>, selector: string): boolean {
  const at = selector.indexOf("=");
  if (at < 0) return Object.hasOwn(labels, selector);
  const name = selector.slice(0, at);
  return Object.hasOwn(labels, name) && labels[name] === selector.slice(at + 1);
}

export function makePolicy(pool: PoolPolicyRow, patterns: Patterns, keep: readonly KeptPackage[]): Policy {
  const { apply, reboot, windows, missed_window: missedWindow } = pool;
  return { ...patterns, keep, allowDowngrade: pool.allow_downgrade, consent: { apply, reboot, windows, missedWindow } };
}

export interface StoredPolicy {
  readonly policy: Policy;
  /** Empty for a policy that says nothing. */
  readonly digest: string;
}

/** Hexadecimal digits of the digest: it names a policy of one endpoint and protects nothing. */
const DIGEST_LENGTH = 32;

export function sealPolicy(policy: Policy): StoredPolicy {
  const text = canonicalPolicy(policy);
  return { policy, digest: text === "" ? "" : sha256Of(text).slice(0, DIGEST_LENGTH) };
}

/** As refreshed last. */
export async function readEndpointPolicy(sql: Query, endpointId: string): Promise<StoredPolicy> {
  const [row] = await sql.query<{ policy: Policy; policy_digest: string }>(
    "select policy, policy_digest from endpoint where id = $1",
    [endpointId],
  );
  return storedPolicy(row?.policy, row?.policy_digest ?? "");
}

export function storedPolicy(policy: Policy | undefined, digest: string): StoredPolicy {
  return { policy: digest === "" || policy === undefined ? NO_POLICY : policy, digest };
}
