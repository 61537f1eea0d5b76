// What agents say about their orders: taken, refused, under way, over. Late and repeated words change nothing: the fence
// of an attempt and the lifecycle decide what still counts.
import { MAX_DETAILS } from "../../domain/limits.ts";
import {
  isFinished,
  type OperationEvent,
  type OperationStep,
  transitionOperation,
} from "../../domain/operation/lifecycle.ts";
import { Refusal, type RefusalReason } from "../../domain/refusal.ts";
import type { Store } from "../store/store.ts";
import { changeEndpoint, type EndpointChange } from "./change-endpoint.ts";
import type { Query } from "./content.ts";
import { appendLog } from "./operation-log.ts";
import { findOperation, type OperationRow, stateOf } from "./operation-rows.ts";
import type { ResultState, RunResult } from "./records.ts";
import { refreshEndpointStatus } from "./refresh-status.ts";
import type { SessionRef } from "./sessions.ts";
import { takeLocal } from "./take-local.ts";

export interface CommandAnswer {
  readonly sequence: number;
  /** `duplicate`: the agent had it already. */
  readonly outcome: "persisted" | "refused" | "duplicate";
  /** Why it was refused; else empty. */
  readonly reason: string;
}

export interface RunProgress {
  readonly operationId: string;
  readonly fence: number;
  readonly step: OperationStep;
  readonly percent: number;
  readonly message: string;
}

/** Refusals of this one order: a new plan or a later start is free to work, so the endpoint is not blocked. */
const PASSING: ReadonlySet<string> = new Set<RefusalReason>(["STALE_PLAN", "SUPERSEDED", "THROTTLED"]);

/** Throws SUPERSEDED. */
export async function acknowledgeCommand(store: Store, session: SessionRef, answer: CommandAnswer): Promise<void> {
  await changeEndpoint(store, session, async (open) => {
    const [command] = await open.sql.query<{ operation_id: string; kind: string; is_newest: boolean }>(
      `update command c set acknowledged = $3 where endpoint_id = $1 and sequence = $2 and acknowledged is null
       returning operation_id, kind, not exists (select 1 from command n
         where n.operation_id = c.operation_id and n.kind = 'start' and n.sequence > c.sequence) as is_newest`,
      [session.endpointId, answer.sequence, answer.outcome],
    );
    // Acknowledged before, a cancel (its effect comes as a result), or an attempt that a newer one replaced.
    if (command?.kind !== "start" || !command.is_newest) return;
    const row = await findOperation(open.sql, command.operation_id);
    if (answer.outcome === "refused") {
      const because = `the agent refused the order: ${answer.reason}`;
      await settle(store, open, row, { state: "refused", problems: [because], startedAt: undefined });
      if (PASSING.has(answer.reason)) await unblock(store, open);
    } else if (transitionOperation(stateOf(row), { kind: "delivered" }).kind === "moved") {
      await open.sql.query("update operation set state = 'delivered' where id = $1", [row.id]);
      await refreshAndTouch(store, open, row.id);
    }
  });
}

async function unblock(store: Store, { sql, endpoint }: EndpointChange): Promise<void> {
  await sql.query("update endpoint set refused_because = '' where id = $1", [endpoint.id]);
  await refreshEndpointStatus(store, sql, endpoint.id);
}

/** Resolves once the result is stored, was stored before, or does not count any more. Throws SUPERSEDED. */
export async function recordResult(store: Store, session: SessionRef, result: RunResult): Promise<void> {
  await changeEndpoint(store, session, async (open) => {
    const row = await ownOperation(open.sql, session, result.operationId);
    if (row === undefined) {
      const local = await takeLocal(open, result);
      if (local === undefined) return;
      await markEndpoint(open, local, result.state, local.problems);
      await refreshAndTouch(store, open, local.id);
      return;
    }
    if (result.fence < row.fence) return;
    await settle(store, open, row, result);
  });
}

/** Undefined when there is none of that id, or it is another endpoint's: such words are dropped. */
export async function ownOperation(sql: Query, session: SessionRef, id: string): Promise<OperationRow | undefined> {
  const row = await findOperation(sql, id).catch((error: unknown) => {
    if (error instanceof Refusal && error.reason === "OPERATION_NOT_FOUND") return undefined;
    throw error;
  });
  return row?.endpoint_id === session.endpointId ? row : undefined;
}

async function settle(
  store: Store,
  open: EndpointChange,
  row: OperationRow,
  result: Pick<RunResult, "state" | "problems" | "startedAt">,
): Promise<void> {
  const { state } = result;
  const problems = result.problems.slice(0, MAX_DETAILS);
  const isKnown = row.state === state && row.problems.join("\n") === problems.join("\n");
  if (isKnown) return;
  const isTaken = takesResult(row, state, problems);
  // One that was cancelled here while its start was on the way stays cancelled; what it did to the machine still counts.
  if (!isTaken && row.state !== "cancelled") return;
  if (isTaken) {
    await open.sql.query(
      `update operation set state = $2, problems = $3::jsonb, message = '', progressed_at = now(),
         percent = case when $2 = 'succeeded' then 100 else percent end,
         started_at = coalesce(started_at, $4::timestamptz),
         finished_at = case when $5::boolean then now() else null end where id = $1`,
      [row.id, state, JSON.stringify(problems), result.startedAt ?? null, isFinished(state)],
    );
  }
  await markEndpoint(open, row, state, problems);
  await refreshAndTouch(store, open, row.id);
}

/** Whether it stopped in time only the agent knows, so its `cancelled` is believed at every step. */
function takesResult(row: OperationRow, state: ResultState, problems: readonly string[]): boolean {
  if (state === "cancelled") return !isFinished(row.state);
  const event: OperationEvent = state === "succeeded" ? { kind: state } : { kind: state, problems };
  return transitionOperation(stateOf(row), event).kind === "moved";
}

/** What the endpoint's status will follow from. */
async function markEndpoint(
  { sql, endpoint }: EndpointChange,
  row: OperationRow,
  state: ResultState,
  problems: readonly string[],
): Promise<void> {
  switch (state) {
    case "succeeded":
      // After a revert no target's content is known to be on the machine.
      await sql.query(
        `update endpoint set degraded_because = '[]', refused_because = '', applied_revision = $2::bigint,
           base_revision = case when $2::bigint = 0 then 0 else base_revision end where id = $1`,
        [endpoint.id, row.is_revert ? 0 : row.target_revision],
      );
      return;
    case "degraded":
    case "interrupted": {
      const because = problems.length > 0 ? problems : [`operation ${row.id} was ${state}`];
      const text = "update endpoint set degraded_because = $2::jsonb where id = $1";
      await sql.query(text, [endpoint.id, JSON.stringify(because)]);
      return;
    }
    case "refused": {
      const text = "update endpoint set refused_because = $2 where id = $1";
      await sql.query(text, [endpoint.id, problems[0] ?? "the agent refused the plan"]);
      return;
    }
    case "failed":
    case "cancelled":
      return;
  }
}

async function refreshAndTouch(store: Store, { sql, change, endpoint }: EndpointChange, id: string): Promise<void> {
  await refreshEndpointStatus(store, sql, endpoint.id);
  change.touch({ kind: "endpoint", id: endpoint.id });
  change.touch({ kind: "operation", id });
}

/** The transition into `running`; it takes a revision. False when the words come too late. Throws SUPERSEDED. */
export function beginRunning(
  store: Store,
  session: SessionRef,
  progress: RunProgress,
): Promise<OperationRow | undefined> {
  return changeEndpoint(store, session, async (open) => {
    const row = await ownOperation(open.sql, session, progress.operationId);
    if (row === undefined || progress.fence < row.fence) return undefined;
    const { step, percent, message } = progress;
    if (transitionOperation(stateOf(row), { kind: "progressed", step, percent }).kind === "refused") return undefined;
    if (row.state === "interrupted" && (await isAnotherActive(open.sql, row))) return undefined;
    await open.sql.query(
      `update operation set state = 'running', step = $2, percent = $3, message = $4, progressed_at = now(),
         started_at = coalesce(started_at, now()), finished_at = null where id = $1`,
      [row.id, step, percent, message],
    );
    if (row.state !== "running" || row.step !== step) await appendLog(open.sql, row.id, progress);
    if (row.state !== "running") await refreshAndTouch(store, open, row.id);
    return row;
  });
}

/** Something newer was started after the interruption: one at a time on one machine. */
async function isAnotherActive(sql: Query, row: OperationRow): Promise<boolean> {
  const rows = await sql.query(
    `select 1 from operation where endpoint_id = $1 and id <> $2
       and state in ('pending-approval', 'queued', 'delivered', 'running') limit 1`,
    [row.endpoint_id, row.id],
  );
  return rows.length > 0;
}
