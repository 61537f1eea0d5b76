// Operations as clients see them: plain values with domain's words for states and steps.
import { OPERATION_STEPS, type OperationStateKind, type OperationStep } from "../../domain/operation/lifecycle.ts";
import {
  type OperationLogLine as WireLogLine,
  type Operation as WireOperation,
  OperationState as WireState,
  OperationStep as WireStep,
} from "../../proto/generated/pacpool/v1/operation.ts";

/** One operation in its newest state. Times are Unix milliseconds, 0 while there is none. */
export interface OperationView {
  readonly id: string;
  readonly endpointId: string;
  readonly endpoint: string;
  readonly poolId: string;
  readonly planDigest: string;
  readonly targetRevision: number;
  readonly isRevert: boolean;
  readonly state: OperationStateKind;
  /** Undefined before it runs. */
  readonly step: OperationStep | undefined;
  readonly percent: number;
  readonly message: string;
  readonly author: string;
  readonly createdAtMs: number;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly problems: readonly string[];
  readonly changes: number;
}

const STATE = {
  "pending-approval": WireState.PENDING_APPROVAL,
  queued: WireState.QUEUED,
  delivered: WireState.DELIVERED,
  running: WireState.RUNNING,
  interrupted: WireState.INTERRUPTED,
  succeeded: WireState.SUCCEEDED,
  degraded: WireState.DEGRADED,
  failed: WireState.FAILED,
  refused: WireState.REFUSED,
  cancelled: WireState.CANCELLED,
} as const satisfies Record<OperationStateKind, WireState>;

const STATE_BACK = new Map<WireState, OperationStateKind>(
  (Object.entries(STATE) as [OperationStateKind, WireState][]).map(([ours, wire]) => [wire, ours]),
);

export function encodeOperationState(state: OperationStateKind): WireState {
  return STATE[state];
}

/** Undefined for UNSPECIFIED and for states of a newer peer. */
export function decodeOperationState(wire: WireState): OperationStateKind | undefined {
  return STATE_BACK.get(wire);
}

/** Steps have the same order on both sides, from 1 on the wire. */
export function encodeOperationStep(step: OperationStep): WireStep {
  return (OPERATION_STEPS.indexOf(step) + 1) as WireStep;
}

/** Undefined for UNSPECIFIED and for steps of a newer peer. */
export function decodeOperationStep(wire: WireStep): OperationStep | undefined {
  return OPERATION_STEPS[wire - 1];
}

/** What an operation said at one moment. */
export interface OperationLogView {
  readonly atMs: number;
  /** Undefined for a step that only a newer server knows. */
  readonly step: OperationStep | undefined;
  readonly percent: number;
  readonly message: string;
}

export function decodeOperationLog(lines: readonly WireLogLine[]): readonly OperationLogView[] {
  return lines.map(({ at, step, percent, message }) => ({
    atMs: at?.getTime() ?? 0,
    step: decodeOperationStep(step),
    percent,
    message,
  }));
}

export function decodeOperation(wire: WireOperation): OperationView {
  return {
    id: wire.id,
    endpointId: wire.endpointId,
    endpoint: wire.endpoint,
    poolId: wire.poolId,
    planDigest: wire.planDigest,
    targetRevision: Number(wire.targetRevision),
    isRevert: wire.revert,
    state: decodeOperationState(wire.state) ?? "queued",
    step: decodeOperationStep(wire.step),
    percent: wire.percent,
    message: wire.message,
    author: wire.author,
    createdAtMs: wire.createdAt?.getTime() ?? 0,
    startedAtMs: wire.startedAt?.getTime() ?? 0,
    finishedAtMs: wire.finishedAt?.getTime() ?? 0,
    problems: wire.problems,
    changes: wire.changes,
  };
}
