// Commands, progress and results, wire <-> agent. Must not know what is done with them.
import {
  type CommandAck,
  CommandAck_Outcome,
  type OperationProgress,
  type Command as WireCommand,
  type OperationResult as WireResult,
} from "../../proto/generated/pacpool/v1/agent.ts";
import { encodeOperationState, encodeOperationStep } from "../../rpc/codec/operation.ts";
import { decodePlan, encodePlan } from "../../rpc/codec/plan.ts";
import type { Progress } from "../machine.ts";
import type { Answer, Command, OperationResult } from "../orders/order-book.ts";
import { clipLine, clipLines } from "./clip.ts";

/** Undefined for an order that this agent does not know. Throws Refusal INVALID_FIELD for a plan that is none. */
export function decodeCommand(wire: WireCommand): Command | undefined {
  const head = { sequence: Number(wire.commandSequence), notAfterMs: wire.notAfter?.getTime() };
  switch (wire.order?.$case) {
    case "start": {
      const { operationId, fence, plan } = wire.order.value;
      return plan === undefined
        ? undefined
        : { kind: "start", ...head, operationId, fence: Number(fence), plan: decodePlan(plan) };
    }
    case "cancel":
      return { kind: "cancel", ...head, operationId: wire.order.value.operationId };
    case undefined:
      return undefined;
  }
}

export function encodeAck(sequence: number, answer: Answer): CommandAck {
  const commandSequence = BigInt(sequence);
  switch (answer.kind) {
    case "persisted":
      return { commandSequence, outcome: CommandAck_Outcome.PERSISTED, reason: "" };
    case "duplicate":
      return { commandSequence, outcome: CommandAck_Outcome.DUPLICATE, reason: "" };
    case "refused":
      return { commandSequence, outcome: CommandAck_Outcome.REFUSED, reason: answer.reason };
  }
}

export function encodeResult(result: OperationResult): WireResult {
  return {
    operationId: result.operationId,
    fence: BigInt(result.fence),
    state: encodeOperationState(result.state),
    problems: clipLines(result.problems),
    digest: result.digest,
    startedAt: result.startedAtMs === undefined ? undefined : new Date(result.startedAtMs),
    finishedAt: new Date(result.finishedAtMs),
    plan: result.plan === undefined ? undefined : encodePlan(result.plan),
  };
}

export function encodeProgress(progress: Progress): OperationProgress {
  return {
    operationId: progress.operationId,
    fence: BigInt(progress.fence),
    step: encodeOperationStep(progress.step),
    percent: Math.max(0, Math.min(100, Math.round(progress.percent))),
    message: clipLine(progress.message),
  };
}
