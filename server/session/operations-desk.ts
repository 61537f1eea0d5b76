// The desk of agents' streams over the operations: messages in, domain's words out, and the other way round.

import { invalidField } from "../../domain/refusal.ts";
import {
  type CommandAck,
  CommandAck_Outcome,
  type OperationResult,
  type MachineFacts as WireFacts,
} from "../../proto/generated/pacpool/v1/agent.ts";
import { decodeInboxItems } from "../../rpc/codec/inbox.ts";
import { decodeOperationState, decodeOperationStep } from "../../rpc/codec/operation.ts";
import { decodePlan } from "../../rpc/codec/plan.ts";
import { decodeView } from "../../rpc/codec/view.ts";
import type { ResultState, RunResult } from "../operations/records.ts";
import type { SessionOperations } from "../operations/session-operations.ts";
import type { MachineFacts } from "../operations/sessions.ts";
import type { SessionDesk } from "./desk.ts";
import { encodeCommand, encodePendingTarget } from "./encode-work.ts";
import type { AskStanding } from "./pool-standings.ts";
import type { WakeBoard } from "./wake-board.ts";

export function operationsDesk(operations: SessionOperations, board: WakeBoard, askStanding: AskStanding): SessionDesk {
  return {
    open: (endpointId, hello) => {
      const { instance, agentVersion, facts } = hello;
      return operations.open(endpointId, {
        instance,
        agentVersion,
        facts: facts === undefined ? undefined : decodeFacts(facts),
        lastCommand: Number(hello.lastCommandSequence),
      });
    },
    close: (session) => operations.close(session),
    compareDigests: (session, digests) => operations.compareDigests(session, digests),
    storeReport: (session, report) =>
      operations.storeReport(session, {
        ...report,
        facts: report.facts === undefined ? undefined : decodeFacts(report.facts),
      }),
    storeView: (session, { view, servers }) => {
      if (view === undefined) throw invalidField("view_report.view", "", "a view");
      return operations.storeView(session, decodeView(view), servers);
    },
    pendingWork: async (session, held) => {
      const { target, commands } = await operations.pendingWork(session, held);
      return {
        target: target === undefined ? undefined : encodePendingTarget(target, session.poolId),
        commands: commands.map(encodeCommand),
      };
    },
    recordTargetStatus: (session, revision, error) => operations.recordTargetStatus(session, revision, error),
    acknowledgeCommand: (session, ack) =>
      operations.acknowledgeCommand(session, {
        sequence: Number(ack.commandSequence),
        outcome: outcomeOf(ack),
        reason: ack.reason,
      }),
    recordProgress: async (session, progress) => {
      const step = decodeOperationStep(progress.step);
      // A step that only a newer agent knows is nothing to show.
      if (step !== undefined) {
        const { operationId, percent, message } = progress;
        await operations.recordProgress(session, {
          operationId,
          fence: Number(progress.fence),
          step,
          percent,
          message,
        });
      }
    },
    recordResult: (session, result) => operations.recordResult(session, runResult(result)),
    poolStanding: (session, toldMark) => askStanding(session.poolId, toldMark),
    onMoved: (session, listener) => board.follow(session.endpointId, session.poolId, listener),
  };
}

function outcomeOf(ack: CommandAck): "persisted" | "refused" | "duplicate" {
  switch (ack.outcome) {
    case CommandAck_Outcome.PERSISTED:
      return "persisted";
    case CommandAck_Outcome.REFUSED:
      return "refused";
    case CommandAck_Outcome.DUPLICATE:
      return "duplicate";
    default:
      throw invalidField("command_ack.outcome", String(ack.outcome), "PERSISTED, REFUSED or DUPLICATE");
  }
}

const RESULT_STATES: ReadonlySet<string> = new Set<ResultState>([
  "succeeded",
  "degraded",
  "failed",
  "refused",
  "cancelled",
  "interrupted",
]);

function runResult(result: OperationResult): RunResult {
  const state = decodeOperationState(result.state);
  if (state === undefined || !RESULT_STATES.has(state)) {
    throw invalidField("operation_result.state", String(result.state), "a state in which an operation ends");
  }
  return {
    operationId: result.operationId,
    fence: Number(result.fence),
    state: state as ResultState,
    problems: result.problems,
    startedAt: result.startedAt,
    plan: result.plan === undefined ? undefined : decodePlan(result.plan),
  };
}

function decodeFacts(facts: WireFacts): MachineFacts {
  return { ...facts, inbox: decodeInboxItems(facts.inbox) };
}
