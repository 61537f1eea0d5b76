import { describe, expect, it } from "vitest";
import {
  hasTransactionBegun,
  isFinished,
  OPERATION_ALLOWED,
  OPERATION_EVENT_KINDS,
  OPERATION_NEXT,
  OPERATION_STATE_KINDS,
  OPERATION_STEPS,
  type OperationEvent,
  type OperationEventKind,
  type OperationState,
  type OperationStateKind,
  transitionOperation,
} from "./lifecycle.ts";

function stateOf(kind: OperationStateKind): OperationState {
  switch (kind) {
    case "running":
      return { kind, step: "fetch", percent: 20 };
    case "interrupted":
    case "degraded":
    case "failed":
    case "refused":
      return { kind, problems: ["old"] };
    default:
      return { kind };
  }
}

function eventOf(kind: OperationEventKind): OperationEvent {
  switch (kind) {
    case "progressed":
      return { kind, step: "simulate", percent: 30 };
    case "interrupted":
    case "degraded":
    case "failed":
    case "refused":
      return { kind, problems: ["new"] };
    default:
      return { kind };
  }
}

const pairs = OPERATION_STATE_KINDS.flatMap((state) => OPERATION_EVENT_KINDS.map((event) => ({ state, event })));

describe("an operation", () => {
  it.each(pairs)("that is $state, when $event, moves exactly as its table says", ({ state, event }) => {
    const allowed: readonly OperationEventKind[] = OPERATION_ALLOWED[state];
    const result = transitionOperation(stateOf(state), eventOf(event));
    if (allowed.includes(event)) {
      expect(result).toMatchObject({ kind: "moved", state: { kind: OPERATION_NEXT[event] } });
    } else {
      expect(result).toEqual({ kind: "refused", because: `an operation that is ${state} cannot be ${event}` });
    }
  });

  it("ends in succeeded, degraded, failed, refused or cancelled, and nowhere else", () => {
    expect(OPERATION_STATE_KINDS.filter(isFinished)).toEqual([
      "succeeded",
      "degraded",
      "failed",
      "refused",
      "cancelled",
    ]);
  });

  it("can be cancelled until pacman begins, and not after", () => {
    const cancellable = OPERATION_STEPS.filter(
      (step) => transitionOperation({ kind: "running", step, percent: 1 }, { kind: "cancelled" }).kind === "moved",
    );
    expect(cancellable).toEqual(["check", "health", "fetch", "simulate", "preflight", "journal"]);
    expect(OPERATION_STEPS.filter(hasTransactionBegun)[0]).toBe("keyring");
  });

  it("ignores progress that comes late: an earlier step, or less of the same one", () => {
    const running = { kind: "running", step: "fetch", percent: 20 } as const;
    expect(transitionOperation(running, { kind: "progressed", step: "health", percent: 90 }).kind).toBe("refused");
    expect(transitionOperation(running, { kind: "progressed", step: "fetch", percent: 19 }).kind).toBe("refused");
    expect(transitionOperation(running, { kind: "progressed", step: "fetch", percent: 20 }).kind).toBe("moved");
  });

  it("shows whole percents between 0 and 100 whatever an agent sends", () => {
    const percentAfter = (percent: number): unknown =>
      transitionOperation({ kind: "queued" }, { kind: "progressed", step: "check", percent });
    expect(percentAfter(250)).toMatchObject({ state: { percent: 100 } });
    expect(percentAfter(-1)).toMatchObject({ state: { percent: 0 } });
    expect(percentAfter(7.9)).toMatchObject({ state: { percent: 7 } });
  });
});
