// Answers the questions of the local socket from what the agent has on disk. Must not know sockets or the server.
import { Refusal } from "../../domain/refusal.ts";
import { refusalSentence } from "../../rpc/errors.ts";
import type { DeliveredTarget, Machine } from "../machine.ts";
import type { MachineFollower } from "../machine-follower.ts";
import type { Moment } from "../moments.ts";
import type { PlanQueue } from "../planning/queue-plans.ts";
import { describeStatus, type LocalFacts, summarize } from "./local-status.ts";
import type { Answer, Question } from "./protocol.ts";
import { describeOperation, type LocalDeeds, runLocally } from "./run-locally.ts";

export interface LocalAnswers {
  readonly machine: Machine;
  readonly follower: MachineFollower;
  readonly delivered: () => DeliveredTarget | undefined;
  readonly plans: PlanQueue;
  readonly facts: () => Promise<LocalFacts>;
  readonly moments: () => Promise<readonly Moment[]>;
  readonly deeds: LocalDeeds;
  /** The machine goes down: what waits for that may begin. */
  readonly shutDown: () => void;
}

/** Never rejects: what goes wrong becomes an answer. */
export async function answerLocally(sources: LocalAnswers, question: Question, signal: AbortSignal): Promise<Answer> {
  try {
    switch (question.do) {
      case "status":
        if (question.fresh === true) await sources.follower.reread();
        return { ok: true, answer: describeStatus(await sources.facts()) };
      case "summary":
        return { ok: true, answer: summarize(await sources.facts()) };
      case "plan":
        return await planLocally(sources, question, signal);
      case "moments":
        return { ok: true, answer: await sources.moments() };
      case "run":
        return await runLocally(sources.deeds, question.plan);
      case "operation":
        return describeOperation(sources.deeds, question.id);
      case "shut-down":
        sources.shutDown();
        return {
          ok: true,
          answer: { orders: sources.deeds.book.current().orders.map(({ operationId }) => operationId) },
        };
    }
  } catch (error) {
    const isRefusal = error instanceof Refusal;
    const why = error instanceof Error ? error.message : String(error);
    const message = isRefusal ? refusalSentence(error) : `the agent failed to answer: ${why}; its log has the cause`;
    return { ok: false, reason: isRefusal ? error.reason : "FAILED", message, details: [] };
  }
}

async function planLocally(
  { machine, follower, delivered, plans }: LocalAnswers,
  question: Extract<Question, { do: "plan" }>,
  signal: AbortSignal,
): Promise<Answer> {
  await follower.reread();
  const asked = {
    delivered: delivered(),
    revert: question.revert ?? false,
    update: question.update ?? false,
    repair: question.repair ?? false,
    revertOperationId: question.revertOperation,
  };
  if (asked.delivered === undefined && !asked.revert && !asked.update && !asked.repair) {
    throw new Refusal("NO_TARGET", { pool: "this machine's pool" });
  }
  const answer = await plans.ask((limit) => machine.plan(asked, limit), signal);
  return answer.kind === "plan" ? { ok: true, answer: answer.plan } : { ok: false, ...answer.refusal };
}
