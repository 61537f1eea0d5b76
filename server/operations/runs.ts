// What operators do with operations: start an approved plan, look, approve, cancel, repair. One operation at a time on one
// endpoint, whatever races; the agent hears of it through its durable orders.
import { randomUUID } from "node:crypto";
import { hasTransactionBegun, isFinished, transitionOperation } from "../../domain/operation/lifecycle.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { Refusal } from "../../domain/refusal.ts";
import type { Store } from "../store/store.ts";
import { changeEndpoint, type EndpointChange, endpointIdOf } from "./change-endpoint.ts";
import { appendCommand } from "./commands.ts";
import type { Query } from "./content.ts";
import { findAnswer, idempotent } from "./idempotent.ts";
import { type ListFilter, listOperations } from "./list-operations.ts";
import { type OperationLogLine, readLog } from "./operation-log.ts";
import { findOperation, type OperationRow, operationRecord, stateOf } from "./operation-rows.ts";
import { readPlan } from "./plans.ts";
import { authorOf, type Mutation, type OperationRecord, type Page, type PageOf } from "./records.ts";
import { refreshEndpointStatus } from "./refresh-status.ts";

export interface RunOperations {
  readonly startOperation: (
    input: Mutation & { readonly endpoint: string; readonly planDigest: string },
  ) => Promise<OperationRecord>;
  readonly getOperation: (id: string) => Promise<{ readonly operation: OperationRecord; readonly plan: Plan }>;
  /** What it said on its way, the oldest line first. */
  readonly readLog: (id: string) => Promise<readonly OperationLogLine[]>;
  readonly listOperations: (filter: ListFilter, page: Page) => Promise<PageOf<OperationRecord>>;
  readonly approveOperation: (
    input: Mutation & { readonly id: string; readonly planDigest: string },
  ) => Promise<OperationRecord>;
  readonly cancelOperation: (input: Mutation & { readonly id: string }) => Promise<OperationRecord>;
  readonly repairOperation: (input: Mutation & { readonly id: string }) => Promise<OperationRecord>;
}

export function makeRunOperations(store: Store): RunOperations {
  return {
    startOperation: (input) => startOperation(store, input),
    async getOperation(id) {
      const row = await findOperation(store.database, id);
      return { operation: operationRecord(row), plan: await readPlan(store.database, row.plan_digest) };
    },
    readLog: (id) => readLog(store.database, id),
    listOperations: (filter, page) => listOperations(store.database, filter, page),
    approveOperation: ({ planDigest, ...input }) =>
      change(store, input, { deed: "approve-operation", id: input.id, planDigest }, (open, row) =>
        approve(open, row, planDigest),
      ),
    cancelOperation: (input) => change(store, input, { deed: "cancel-operation", id: input.id }, cancel),
    repairOperation: (input) => change(store, input, { deed: "repair-operation", id: input.id }, repair),
  };
}

async function startOperation(
  store: Store,
  input: Mutation & { readonly endpoint: string; readonly planDigest: string },
): Promise<OperationRecord> {
  const request = { deed: "start-operation", endpoint: input.endpoint, planDigest: input.planDigest };
  const earlier = await findAnswer<string>(store.database, input, request);
  if (earlier !== undefined) return operationRecord(await findOperation(store.database, earlier.value));
  const endpointId = await endpointIdOf(store.database, input.endpoint);
  const id = await changeEndpoint(store, { endpointId }, (open) =>
    idempotent(open.sql, input, request, async () => {
      const created = await create(open, input.planDigest, authorOf(input.caller));
      if (!created.isPending) await appendCommand(open.sql, endpointId, { kind: "start", operationId: created.id });
      await refreshAndTouch(store, open, created.id);
      return created.id;
    }),
  );
  return operationRecord(await findOperation(store.database, id));
}

interface CreatedOperation {
  readonly id: string;
  /** It waits for a person's word on conflicts, and then for the approval of a plan that knows it. */
  readonly isPending: boolean;
}

async function create(
  { sql, endpoint }: EndpointChange,
  planDigest: string,
  author: string,
): Promise<CreatedOperation> {
  const plan = await readPlan(sql, planDigest);
  if (plan.endpointId !== endpoint.id) throw new Refusal("PLAN_NOT_FOUND", { plan: planDigest });
  if (endpoint.apply === "never") throw new Refusal("CONSENT_NEVER", { endpoint: endpoint.name });
  await refuseWhileActive(sql, endpoint.id, endpoint.name);
  if (plan.baseDigest !== endpoint.package_set_digest) throw new Refusal("STALE_PLAN", { endpoint: endpoint.name });
  const id = randomUUID();
  const isPending = !plan.isRevert && (await readUndecided(sql, endpoint.id)).length > 0;
  await sql.query(
    `insert into operation (id, endpoint_id, pool_id, plan_digest, target_revision, is_revert, state, author, changes)
     select $1, $2, $3, digest, target_revision, is_revert, $6, $4, changes from plan where digest = $5`,
    [id, endpoint.id, endpoint.pool_id, author, planDigest, isPending ? "pending-approval" : "queued"],
  );
  // A new attempt: what the machine refused before does not block it any more.
  await sql.query("update endpoint set refused_because = '' where id = $1", [endpoint.id]);
  return { id, isPending };
}

/** The endpoint's row is locked, so nobody can start one in between; the unique index holds it beyond that. */
async function refuseWhileActive(sql: Query, endpointId: string, name: string): Promise<void> {
  const [active] = await sql.query<{ id: string }>(
    "select id from operation where endpoint_id = $1 and state in ('pending-approval', 'queued', 'delivered', 'running')",
    [endpointId],
  );
  if (active !== undefined) throw new Refusal("OPERATION_RUNNING", { endpoint: name, operation: active.id });
}

type Deed = (open: EndpointChange, row: OperationRow) => Promise<boolean>;

/** Runs `deed` on the operation under its pool's and endpoint's lock; true means that it changed. */
async function change(
  store: Store,
  input: Mutation & { readonly id: string },
  request: object,
  deed: Deed,
): Promise<OperationRecord> {
  const earlier = await findAnswer<string>(store.database, input, request);
  if (earlier === undefined) {
    const { endpoint_id: endpointId } = await findOperation(store.database, input.id);
    await changeEndpoint(store, { endpointId }, (open) =>
      idempotent(open.sql, input, request, async () => {
        const hasChanged = await deed(open, await findOperation(open.sql, input.id));
        if (hasChanged) await refreshAndTouch(store, open, input.id);
        return input.id;
      }),
    );
  }
  return operationRecord(await findOperation(store.database, input.id));
}

async function refreshAndTouch(
  store: Store,
  { sql, change: pool, endpoint }: EndpointChange,
  id: string,
): Promise<void> {
  await refreshEndpointStatus(store, sql, endpoint.id);
  // Its operation shows in the endpoint as well.
  pool.touch({ kind: "endpoint", id: endpoint.id });
  pool.touch({ kind: "operation", id });
}

async function approve({ sql, endpoint }: EndpointChange, row: OperationRow, planDigest: string): Promise<boolean> {
  if (isFinished(row.state)) throw new Refusal("OPERATION_FINISHED", { operation: row.id, state: row.state });
  const moved = transitionOperation(stateOf(row), { kind: "approved" });
  if (moved.kind === "refused") {
    // Approved before: the same approval again, or one of another plan.
    if (planDigest !== row.plan_digest) throw new Refusal("STALE_PLAN", { endpoint: row.endpoint });
    return false;
  }
  await checkApproval(sql, endpoint, planDigest);
  await sql.query(
    `update operation o set state = 'queued', plan_digest = n.digest, target_revision = n.target_revision,
       is_revert = n.is_revert, changes = n.changes from plan n where o.id = $1 and n.digest = $2`,
    [row.id, planDigest],
  );
  await appendCommand(sql, endpoint.id, { kind: "start", operationId: row.id });
  return true;
}

/** The plan must know every decision, and start from what is there. */
async function checkApproval(sql: Query, endpoint: EndpointChange["endpoint"], planDigest: string): Promise<void> {
  const undecided = await readUndecided(sql, endpoint.id);
  if (undecided.length > 0) {
    throw new Refusal("CONFLICTS_UNDECIDED", { endpoint: endpoint.name, packages: shortList(undecided) });
  }
  const plan = await readPlan(sql, planDigest);
  if (plan.endpointId !== endpoint.id) throw new Refusal("PLAN_NOT_FOUND", { plan: planDigest });
  const [made] = await sql.query<{ knows: boolean }>(
    `select p.created_at >= coalesce((select max(to_timestamp((d->>'atMs')::numeric / 1000))
       from jsonb_array_elements(e.conflicts) d), p.created_at) as knows
     from plan p join endpoint e on e.id = p.endpoint_id where p.digest = $1`,
    [planDigest],
  );
  if (made?.knows !== true || plan.baseDigest !== endpoint.package_set_digest) {
    throw new Refusal("STALE_PLAN", { endpoint: endpoint.name });
  }
}

/** Names of conflicts that wait for a person. */
async function readUndecided(sql: Query, endpointId: string): Promise<readonly string[]> {
  const text = "select undecided from endpoint where id = $1";
  const [row] = await sql.query<{ undecided: readonly string[] }>(text, [endpointId]);
  return row?.undecided ?? [];
}

/** How many names a refusal lists. */
const MAX_NAMED = 20;

function shortList(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED;
  return `${names.slice(0, MAX_NAMED).join(", ")}${rest > 0 ? ` and ${String(rest)} more` : ""}`;
}

/**
 * Until the agent has the order it is cancelled here. The start may be on its way all the same, so the agent is told in any
 * case; once it has the order only the agent can say whether it stopped in time.
 */
async function cancel({ sql, endpoint }: EndpointChange, row: OperationRow): Promise<boolean> {
  if (row.state === "cancelled") return false;
  const step = row.step ?? "check";
  if (row.state === "running" && hasTransactionBegun(step)) {
    const details = `pacman has begun on ${endpoint.name}; it will finish, \`pacpool operation watch ${row.id}\` shows how`;
    throw new Refusal("LOCKED", { operation: row.id, step, details });
  }
  const moved = transitionOperation(stateOf(row), { kind: "cancelled" });
  if (moved.kind === "refused") throw new Refusal("OPERATION_FINISHED", { operation: row.id, state: row.state });
  if (row.state === "pending-approval" || row.state === "queued" || (await wasCancelLost(sql, row.id))) {
    await sql.query("update operation set state = 'cancelled', finished_at = now() where id = $1", [row.id]);
  } else {
    await sql.query("update operation set message = 'cancelling' where id = $1", [row.id]);
  }
  if (row.state !== "pending-approval") {
    await appendCommand(sql, endpoint.id, { kind: "cancel", operationId: row.id });
  }
  return true;
}

/** An agent that took the cancel order and then said nothing for a minute does not know the operation. */
async function wasCancelLost(sql: Query, operationId: string): Promise<boolean> {
  const rows = await sql.query(
    `select 1 from command where operation_id = $1 and kind = 'cancel' and acknowledged is not null
       and created_at < now() - interval '1 minute' limit 1`,
    [operationId],
  );
  return rows.length > 0;
}

/** The same plan again under a higher fence: the agent finishes or takes back what the first attempt left. */
async function repair({ sql, endpoint }: EndpointChange, row: OperationRow): Promise<boolean> {
  if (row.state !== "interrupted" && row.state !== "degraded") {
    if (isFinished(row.state)) throw new Refusal("OPERATION_FINISHED", { operation: row.id, state: row.state });
    throw new Refusal("OPERATION_RUNNING", { endpoint: row.endpoint, operation: row.id });
  }
  if (endpoint.apply === "never") throw new Refusal("CONSENT_NEVER", { endpoint: endpoint.name });
  await refuseWhileActive(sql, endpoint.id, endpoint.name);
  await sql.query(
    `update operation set state = 'queued', fence = fence + 1, step = null, percent = 0, message = '', finished_at = null
     where id = $1`,
    [row.id],
  );
  await appendCommand(sql, endpoint.id, { kind: "start", operationId: row.id });
  return true;
}
