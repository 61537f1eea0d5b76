// Takes an operation that a person ran on the machine itself, without the server, into the history: a revert from a rescue
// system, an update, a deed during an outage. It is over when the server first hears of it.
import { MAX_DETAILS } from "../../domain/limits.ts";
import { isFinished } from "../../domain/operation/lifecycle.ts";
import { Refusal } from "../../domain/refusal.ts";
import type { EndpointChange } from "./change-endpoint.ts";
import { findOperation, type OperationRow } from "./operation-rows.ts";
import { insertPlan } from "./plans.ts";
import type { RunResult } from "./records.ts";

/** Nobody signed in for it. */
const LOCAL_AUTHOR = "on the machine";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Undefined for a result without a plan, or with one that is not this endpoint's: such words are dropped. */
export async function takeLocal(open: EndpointChange, result: RunResult): Promise<OperationRow | undefined> {
  const { sql, endpoint } = open;
  const { plan, state, operationId } = result;
  if (plan === undefined || !UUID.test(operationId)) return undefined;
  try {
    await insertPlan(sql, endpoint.id, plan);
  } catch (error) {
    // Refused again and again it would end every stream of that agent.
    if (error instanceof Refusal && error.reason === "INVALID_FIELD") return undefined;
    throw error;
  }
  const rows = await sql.query(
    `insert into operation (id, endpoint_id, pool_id, plan_digest, target_revision, is_revert, state, percent, problems,
       author, fence, changes, created_at, started_at, finished_at, progressed_at)
     select $1, $2, $3, digest, target_revision, is_revert, $4, case when $4 = 'succeeded' then 100 else 0 end, $5::jsonb,
       $6, $7, changes, coalesce($8::timestamptz, now()), coalesce($8::timestamptz, now()),
       case when $9::boolean then now() else null end, now() from plan where digest = $10
     on conflict (id) do nothing returning id`,
    [
      operationId,
      endpoint.id,
      endpoint.pool_id,
      state,
      JSON.stringify(result.problems.slice(0, MAX_DETAILS)),
      LOCAL_AUTHOR,
      result.fence,
      result.startedAt ?? null,
      isFinished(state),
      plan.digest,
    ],
  );
  return rows.length === 0 ? undefined : await findOperation(sql, operationId);
}
