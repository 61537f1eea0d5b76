// Operations as records and as the lifecycle's states.
import {
  isFinished,
  OPERATION_STATE_KINDS,
  type OperationState,
  type OperationStateKind,
  type OperationStep,
} from "../../domain/operation/lifecycle.ts";
import { Refusal } from "../../domain/refusal.ts";
import type { Query } from "./content.ts";
import type { OperationRecord } from "./records.ts";

export interface OperationRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly endpoint: string;
  readonly pool_id: string;
  readonly plan_digest: string;
  readonly target_revision: number;
  readonly is_revert: boolean;
  readonly state: OperationStateKind;
  readonly step: OperationStep | null;
  readonly percent: number;
  readonly message: string;
  readonly problems: readonly string[];
  readonly author: string;
  readonly fence: number;
  readonly changes: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

/** Followed by conditions on o (operation) and e (endpoint). */
export const SELECT_OPERATION = `select o.id, o.endpoint_id, e.name as endpoint, o.pool_id, o.plan_digest,
  o.target_revision, o.is_revert, o.state, o.step, o.percent, o.message, o.problems, o.author, o.fence, o.changes,
  o.created_at, o.started_at, o.finished_at from operation o join endpoint e on e.id = o.endpoint_id`;

/** The states in which nothing more will happen, for SQL. */
export const FINISHED_STATES: readonly string[] = OPERATION_STATE_KINDS.filter((kind) => isFinished(kind));

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws OPERATION_NOT_FOUND. */
export async function findOperation(sql: Query, id: string): Promise<OperationRow> {
  // What is no id is simply not found; the database would call it malformed.
  const rows = UUID.test(id) ? await sql.query<OperationRow>(`${SELECT_OPERATION} where o.id = $1`, [id]) : [];
  const [row] = rows;
  if (row === undefined) throw new Refusal("OPERATION_NOT_FOUND", { operation: id });
  return row;
}

/** The row's lifecycle state. */
export function stateOf(row: OperationRow): OperationState {
  switch (row.state) {
    case "running":
      return { kind: "running", step: row.step ?? "check", percent: row.percent };
    case "interrupted":
    case "degraded":
    case "failed":
    case "refused":
      return { kind: row.state, problems: row.problems };
    default:
      return { kind: row.state };
  }
}

export function operationRecord(row: OperationRow): OperationRecord {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    endpoint: row.endpoint,
    poolId: row.pool_id,
    planDigest: row.plan_digest,
    targetRevision: row.target_revision,
    isRevert: row.is_revert,
    state: row.state,
    step: row.step ?? undefined,
    percent: row.percent,
    message: row.message,
    author: row.author,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    problems: row.problems,
    fence: row.fence,
    changes: row.changes,
  };
}
