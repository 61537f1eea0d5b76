// The states of an agent's session with its server, and how they follow from what happens on the stream. Timers and
// sockets are the agent's affair: it performs what the state says. docs/spec/session-lifecycle.md is printed from this.
import { unreachable } from "../unreachable.ts";

export type SessionState =
  /** Waits before it dials again; failures in a row decide how long. */
  | { readonly kind: "waiting"; readonly failures: number }
  | { readonly kind: "connecting"; readonly failures: number }
  /** The stream is open and Hello is sent; Welcome is awaited. */
  | { readonly kind: "greeting"; readonly failures: number }
  | { readonly kind: "live" }
  /** The server asked to leave: what is under way is finished, nothing new is begun. */
  | { readonly kind: "draining" }
  /** A person must act: the key was refused, the protocol differs, the machine was cloned. */
  | { readonly kind: "stopped"; readonly because: string };

export type SessionStateKind = SessionState["kind"];

export type SessionEvent =
  | { readonly kind: "dialled" }
  | { readonly kind: "opened" }
  | { readonly kind: "welcomed" }
  | { readonly kind: "drained" }
  /** The stream ended or could not be opened; coming back may help. */
  | { readonly kind: "lost" }
  /** The server will not have us: coming back does not help. */
  | { readonly kind: "rejected"; readonly because: string }
  /** The process is asked to end. */
  | { readonly kind: "closed" };

export type SessionEventKind = SessionEvent["kind"];

export const SESSION_ALLOWED = {
  waiting: ["dialled", "closed"],
  connecting: ["opened", "lost", "rejected", "closed"],
  greeting: ["welcomed", "lost", "rejected", "closed"],
  live: ["drained", "lost", "rejected", "closed"],
  draining: ["lost", "rejected", "closed"],
  stopped: [],
} as const satisfies Record<SessionStateKind, readonly SessionEventKind[]>;

/** The state after an event of the table above; printed into the diagram. */
export const SESSION_NEXT = {
  dialled: "connecting",
  opened: "greeting",
  welcomed: "live",
  drained: "draining",
  lost: "waiting",
  rejected: "stopped",
  closed: "stopped",
} as const satisfies Record<SessionEventKind, SessionStateKind>;

export const SESSION_STATE_KINDS = Object.keys(SESSION_ALLOWED) as readonly SessionStateKind[];
export const SESSION_EVENT_KINDS = Object.keys(SESSION_NEXT) as readonly SessionEventKind[];

export const INITIAL_SESSION: SessionState = { kind: "waiting", failures: 0 };

export type SessionTransition =
  | { readonly kind: "moved"; readonly state: SessionState }
  | { readonly kind: "refused"; readonly because: string };

export function transitionSession(state: SessionState, event: SessionEvent): SessionTransition {
  const allowed: readonly SessionEventKind[] = SESSION_ALLOWED[state.kind];
  if (!allowed.includes(event.kind)) {
    return { kind: "refused", because: `a session that is ${state.kind} cannot be ${event.kind}` };
  }
  return { kind: "moved", state: nextState(state, event) };
}

function nextState(state: SessionState, event: SessionEvent): SessionState {
  // Only a Welcome proves that the server works: until then failures keep counting, and waits keep growing.
  const failures = "failures" in state ? state.failures : 0;
  switch (event.kind) {
    case "dialled":
      return { kind: "connecting", failures };
    case "opened":
      return { kind: "greeting", failures };
    case "welcomed":
      return { kind: "live" };
    case "drained":
      return { kind: "draining" };
    case "lost":
      // An orderly or sudden end of a live stream is the first failure of a new row, unless the server asked for it.
      return { kind: "waiting", failures: state.kind === "draining" ? 0 : failures + 1 };
    case "rejected":
      return { kind: "stopped", because: event.because };
    case "closed":
      return { kind: "stopped", because: "closed" };
    default:
      return unreachable(event);
  }
}
