// The states of an operation and how they follow from what happens to it. Server and agent both obey it; neither clock nor
// storage is known here. docs/spec/operation-lifecycle.md is printed from these tables.
import { unreachable } from "../unreachable.ts";

/** The steps of a running operation, in order. */
export const OPERATION_STEPS = [
  "check",
  "health",
  "fetch",
  "simulate",
  "preflight",
  "journal",
  "keyring",
  "transaction",
  "reasons",
  "proof",
  "databases",
  "aftermath",
  "report",
] as const;

export type OperationStep = (typeof OPERATION_STEPS)[number];

export type OperationState =
  | { readonly kind: "pending-approval" }
  | { readonly kind: "queued" }
  | { readonly kind: "delivered" }
  /** Percent of the whole operation, 0 to 100. */
  | { readonly kind: "running"; readonly step: OperationStep; readonly percent: number }
  | { readonly kind: "interrupted"; readonly problems: readonly string[] }
  | { readonly kind: "succeeded" }
  | { readonly kind: "degraded"; readonly problems: readonly string[] }
  | { readonly kind: "failed"; readonly problems: readonly string[] }
  | { readonly kind: "refused"; readonly problems: readonly string[] }
  | { readonly kind: "cancelled" };

export type OperationStateKind = OperationState["kind"];

export type OperationEvent =
  | { readonly kind: "approved" }
  | { readonly kind: "delivered" }
  | { readonly kind: "progressed"; readonly step: OperationStep; readonly percent: number }
  | { readonly kind: "cancelled" }
  | { readonly kind: "interrupted"; readonly problems: readonly string[] }
  | { readonly kind: "succeeded" }
  | { readonly kind: "degraded"; readonly problems: readonly string[] }
  | { readonly kind: "failed"; readonly problems: readonly string[] }
  | { readonly kind: "refused"; readonly problems: readonly string[] };

export type OperationEventKind = OperationEvent["kind"];

const RESULTS = ["interrupted", "succeeded", "degraded", "failed", "refused"] as const;

/**
 * Which events each state takes. Messages of an agent may be lost or come late, so a result is taken in every state after
 * approval; an interrupted operation goes on when the agent resumes it, and then reports a result.
 */
export const OPERATION_ALLOWED = {
  "pending-approval": ["approved", "cancelled", "refused"],
  queued: ["delivered", "progressed", "cancelled", ...RESULTS],
  delivered: ["progressed", "cancelled", ...RESULTS],
  running: ["progressed", "cancelled", ...RESULTS],
  interrupted: ["progressed", ...RESULTS],
  succeeded: [],
  degraded: [],
  failed: [],
  refused: [],
  cancelled: [],
} as const satisfies Record<OperationStateKind, readonly OperationEventKind[]>;

/** The state after an event of the table above; printed into the diagram. */
export const OPERATION_NEXT = {
  approved: "queued",
  delivered: "delivered",
  progressed: "running",
  cancelled: "cancelled",
  interrupted: "interrupted",
  succeeded: "succeeded",
  degraded: "degraded",
  failed: "failed",
  refused: "refused",
} as const satisfies Record<OperationEventKind, OperationStateKind>;

export const OPERATION_STATE_KINDS = Object.keys(OPERATION_ALLOWED) as readonly OperationStateKind[];
export const OPERATION_EVENT_KINDS = Object.keys(OPERATION_NEXT) as readonly OperationEventKind[];

export type OperationTransition =
  | { readonly kind: "moved"; readonly state: OperationState }
  | { readonly kind: "refused"; readonly because: string };

/** Pure. A refusal changes nothing; callers ignore one for progress, which may come late. */
export function transitionOperation(state: OperationState, event: OperationEvent): OperationTransition {
  const allowed: readonly OperationEventKind[] = OPERATION_ALLOWED[state.kind];
  if (!allowed.includes(event.kind)) {
    return { kind: "refused", because: `an operation that is ${state.kind} cannot be ${event.kind}` };
  }
  if (state.kind === "running" && event.kind === "cancelled" && hasTransactionBegun(state.step)) {
    return { kind: "refused", because: `pacman is at work (step ${state.step}); it must not be stopped halfway` };
  }
  if (state.kind === "running" && event.kind === "progressed" && isEarlier(event, state)) {
    return { kind: "refused", because: `step ${event.step} is over, ${state.step} is under way` };
  }
  return { kind: "moved", state: nextState(event) };
}

function nextState(event: OperationEvent): OperationState {
  switch (event.kind) {
    case "approved":
      return { kind: "queued" };
    case "progressed":
      return { kind: "running", step: event.step, percent: Math.min(100, Math.max(0, Math.trunc(event.percent))) };
    case "delivered":
    case "cancelled":
    case "succeeded":
      return { kind: event.kind };
    case "interrupted":
    case "degraded":
    case "failed":
    case "refused":
      return { kind: event.kind, problems: event.problems };
    default:
      return unreachable(event);
  }
}

/** From here on pacman changes the machine. */
export function hasTransactionBegun(step: OperationStep): boolean {
  return OPERATION_STEPS.indexOf(step) >= OPERATION_STEPS.indexOf("keyring");
}

function isEarlier(event: { readonly step: OperationStep; readonly percent: number }, state: typeof event): boolean {
  const order = OPERATION_STEPS.indexOf(event.step) - OPERATION_STEPS.indexOf(state.step);
  return order < 0 || (order === 0 && event.percent < state.percent);
}

/** Nothing more will happen to it. An interrupted operation is not finished: it can be resumed. */
export function isFinished(kind: OperationStateKind): boolean {
  return OPERATION_ALLOWED[kind].length === 0;
}

/** It occupies its endpoint: sync status `syncing`. */
export function isUnderWay(kind: OperationStateKind): boolean {
  return kind === "queued" || kind === "delivered" || kind === "running";
}

/** The endpoint counts as degraded after it. */
export function leavesDegraded(kind: OperationStateKind): boolean {
  return kind === "degraded" || kind === "interrupted";
}
