import { describe, expect, it } from "vitest";
import {
  INITIAL_SESSION,
  SESSION_ALLOWED,
  SESSION_EVENT_KINDS,
  SESSION_NEXT,
  SESSION_STATE_KINDS,
  type SessionEvent,
  type SessionEventKind,
  type SessionState,
  type SessionStateKind,
  transitionSession,
} from "./lifecycle.ts";

function stateOf(kind: SessionStateKind): SessionState {
  if (kind === "stopped") return { kind, because: "old" };
  return kind === "live" || kind === "draining" ? { kind } : { kind, failures: 3 };
}

function eventOf(kind: SessionEventKind): SessionEvent {
  return kind === "rejected" ? { kind, because: "wrong key" } : { kind };
}

function walk(...events: readonly SessionEventKind[]): SessionState {
  return events.reduce<SessionState>((state, event) => {
    const result = transitionSession(state, eventOf(event));
    if (result.kind === "refused") throw new Error(result.because);
    return result.state;
  }, INITIAL_SESSION);
}

const pairs = SESSION_STATE_KINDS.flatMap((state) => SESSION_EVENT_KINDS.map((event) => ({ state, event })));

describe("an agent's session", () => {
  it.each(pairs)("that is $state, when $event, moves exactly as its table says", ({ state, event }) => {
    const allowed: readonly SessionEventKind[] = SESSION_ALLOWED[state];
    const result = transitionSession(stateOf(state), eventOf(event));
    if (allowed.includes(event)) expect(result).toMatchObject({ kind: "moved", state: { kind: SESSION_NEXT[event] } });
    else expect(result.kind).toBe("refused");
  });

  it("counts failures until a server has welcomed it, so that waits grow", () => {
    expect(walk("dialled", "lost", "dialled", "opened", "lost")).toEqual({ kind: "waiting", failures: 2 });
    expect(walk("dialled", "lost", "dialled", "opened", "welcomed", "lost")).toEqual({ kind: "waiting", failures: 1 });
  });

  it("comes back without a grudge when the server asked it to leave", () => {
    expect(walk("dialled", "opened", "welcomed", "drained", "lost")).toEqual({ kind: "waiting", failures: 0 });
  });

  it("stops for good, with the reason, when the server will not have it", () => {
    expect(walk("dialled", "opened", "rejected")).toEqual({ kind: "stopped", because: "wrong key" });
  });
});
