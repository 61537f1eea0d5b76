// Conflicts as people see and settle them: listed per endpoint, decided package by package, recorded with who and when.
import type { ConflictTake, Decision, ResolvedConflict } from "../../../domain/policy/resolve-conflicts.ts";
import { invalidField, Refusal } from "../../../domain/refusal.ts";
import type { Store } from "../../store/store.ts";
import { changeEndpoint, endpointIdOf } from "../change-endpoint.ts";
import type { Query } from "../content.ts";
import { readEndpoint, readEndpointsAfter } from "../endpoint-rows.ts";
import { findAnswer, idempotent } from "../idempotent.ts";
import { findPool } from "../pool-rows.ts";
import { authorOf, type EndpointRecord, type Mutation } from "../records.ts";
import { refreshEndpointStatus } from "../refresh-status.ts";
import { explainEndpoint } from "./explain-endpoint.ts";

export interface ConflictRecord extends ResolvedConflict {
  readonly endpointId: string;
  readonly endpoint: string;
  readonly targetRevision: number;
}

export interface ConflictFilter {
  readonly endpoint: string | undefined;
  readonly pool: string | undefined;
  readonly undecidedOnly: boolean;
}

export interface ConflictList {
  readonly conflicts: readonly ConflictRecord[];
  readonly truncated: boolean;
}

/** More than anyone reads; a page of gRPC holds it. */
const MAX_CONFLICTS = 10_000;
const ENDPOINTS_PER_READ = 500;

/** Endpoints that cannot be compared have none. Throws ENDPOINT_NOT_FOUND, POOL_NOT_FOUND. */
export function listConflicts(store: Store, filter: ConflictFilter): Promise<ConflictList> {
  return store.database.snapshot(async (sql) => {
    const conflicts: ConflictRecord[] = [];
    for await (const endpoint of filteredEndpoints(sql, filter)) {
      const found = await conflictsOf(store, sql, endpoint);
      conflicts.push(...found.filter((one) => !filter.undecidedOnly || one.take === undefined));
      if (conflicts.length > MAX_CONFLICTS) return { conflicts: conflicts.slice(0, MAX_CONFLICTS), truncated: true };
    }
    return { conflicts, truncated: false };
  });
}

async function* filteredEndpoints(sql: Query, filter: ConflictFilter): AsyncGenerator<EndpointRecord> {
  if (filter.endpoint !== undefined) {
    yield await readEndpoint(sql, filter.endpoint);
    return;
  }
  const poolId = filter.pool === undefined ? undefined : (await findPool(sql, filter.pool)).id;
  let after: string | undefined;
  for (;;) {
    const endpoints = await readEndpointsAfter(sql, poolId, after, ENDPOINTS_PER_READ);
    for (const one of endpoints) {
      // Whatever is not in step may have changed something by itself; the rest has not.
      const { older, newer, rebuilt, held } = one.counts;
      if (older + newer + rebuilt + held > 0) yield one;
    }
    after = endpoints.at(-1)?.name;
    if (endpoints.length < ENDPOINTS_PER_READ) return;
  }
}

async function conflictsOf(store: Store, sql: Query, endpoint: EndpointRecord): Promise<readonly ConflictRecord[]> {
  const explained = await explainEndpoint(store, sql, endpoint).catch((error: unknown) => {
    if (error instanceof Refusal && (error.reason === "NO_REPORT" || error.reason === "CLASS_UNKNOWN"))
      return undefined;
    throw error;
  });
  if (explained === undefined) return [];
  const { targetRevision } = explained;
  const whose = { endpointId: endpoint.id, endpoint: endpoint.name, targetRevision };
  return explained.conflicts.map((one) => ({ ...whose, ...one }));
}

export type ResolveConflictsInput = Mutation & {
  readonly endpoint: string;
  /** Empty means every one that nobody has decided. */
  readonly packages: readonly string[];
  readonly take: ConflictTake;
};

/** Gives all conflicts of the endpoint afterwards. Refuses NO_CONFLICT for a name that has none. */
export async function settleConflicts(store: Store, input: ResolveConflictsInput): Promise<readonly ConflictRecord[]> {
  const { caller, idempotencyKey: _key, ...asked } = input;
  const request = { deed: "resolve-conflicts", ...asked };
  const earlier = await findAnswer<string>(store.database, input, request);
  const endpointId = earlier?.value ?? (await endpointIdOf(store.database, input.endpoint));
  if (earlier === undefined) {
    await changeEndpoint(store, { endpointId }, ({ sql, change }) =>
      idempotent(sql, input, request, async () => {
        const endpoint = await readEndpoint(sql, endpointId);
        const conflicts = await conflictsOf(store, sql, endpoint);
        const decided = decide(endpoint.name, conflicts, input);
        if (decided.length === 0) return endpointId;
        await writeDecisions(sql, endpointId, decided, authorOf(caller));
        await refreshEndpointStatus(store, sql, endpointId);
        change.touch({ kind: "endpoint", id: endpointId });
        change.touch({ kind: "pool", id: change.poolId });
        return endpointId;
      }),
    );
  }
  return (await listConflicts(store, { endpoint: endpointId, pool: undefined, undecidedOnly: false })).conflicts;
}

type Decided = Pick<Decision, "name" | "targetRevision" | "take">;

function decide(
  endpoint: string,
  conflicts: readonly ConflictRecord[],
  { packages, take }: ResolveConflictsInput,
): readonly Decided[] {
  const chosen =
    packages.length === 0
      ? conflicts.filter((one) => one.take === undefined)
      : packages.map((name) => {
          const found = conflicts.find((one) => one.name === name);
          if (found === undefined) throw new Refusal("NO_CONFLICT", { package: name, endpoint });
          return found;
        });
  if (packages.length > 0 && new Set(packages).size !== packages.length) {
    throw invalidField("packages", packages.join(" "), "each name once");
  }
  return chosen.map(({ name, targetRevision }) => ({ name, targetRevision, take }));
}

/** The newest word on a package counts; words on earlier targets are forgotten. */
async function writeDecisions(
  sql: Query,
  endpointId: string,
  decided: readonly Decided[],
  author: string,
): Promise<void> {
  const [row] = await sql.query<{ conflicts: readonly Decision[]; now: Date }>(
    "select conflicts, clock_timestamp() as now from endpoint where id = $1",
    [endpointId],
  );
  const names = new Set(decided.map((one) => one.name));
  const revision = decided[0]?.targetRevision;
  const kept = (row?.conflicts ?? []).filter((one) => one.targetRevision === revision && !names.has(one.name));
  const atMs = row?.now.getTime() ?? 0;
  const all = [...kept, ...decided.map((one) => ({ ...one, author, atMs }))];
  await sql.query("update endpoint set conflicts = $2::jsonb where id = $1", [endpointId, JSON.stringify(all)]);
}
