// What a stream's messages ask the machine to do. Each effect runs beside the stream and answers through `send` when it
// is done; an effect that fails is told to the server or the log, and never ends the stream.

import { Refusal } from "../../domain/refusal.ts";
import type { Command, PlanRequest, TargetState, Welcome } from "../../proto/generated/pacpool/v1/agent.ts";
import type { EndpointPolicy } from "../../proto/generated/pacpool/v1/policy.ts";
import { encodePlan } from "../../rpc/codec/plan.ts";
import { decodePolicy } from "../../rpc/codec/policy.ts";
import { decodeView } from "../../rpc/codec/view.ts";
import type { Connection } from "../../rpc/connection.ts";
import { refusalSentence } from "../../rpc/errors.ts";
import type { DeliveredTarget, PlanAnswer } from "../machine.ts";
import { clipLine, clipLines } from "./clip.ts";
import { makeOfferQueue } from "./offer-files.ts";
import { decodeCommand, encodeAck } from "./operation-messages.ts";
import type { SessionParts } from "./parts.ts";
import type { Saying, StreamOutput } from "./protocol.ts";
import { openServerStore } from "./server-store.ts";
import { copyDatabase, downloadDatabase, uploadDatabase } from "./transfers.ts";

type Effect = Exclude<StreamOutput, { readonly kind: "send" | "welcomed" | "pool-standing" | "throttle" | "leave" }>;

export interface Effects {
  readonly welcomed: (welcome: Welcome) => void;
  readonly perform: (effect: Effect) => void;
}

type Send = (saying: Saying) => Promise<void>;

export function makeEffects(parts: SessionParts, connection: Connection, send: Send, signal: AbortSignal): Effects {
  const { log, operations, now } = parts;
  // Commands keep their order; a plan waits for the newest target.
  const targets = makeTargetQueue((state) =>
    beside(takeTarget(parts, connection, state, send, signal), "taking a target failed"),
  );
  let commands: Promise<unknown> = Promise.resolve();
  let uploads: Promise<unknown> = Promise.resolve();
  const offers = makeOfferQueue({ ...parts, connection, send, signal });
  let serverAheadMs = 0;
  const beside = (work: Promise<unknown>, what: string): Promise<void> =>
    work.then(
      () => undefined,
      (error: unknown) => {
        if (!signal.aborted) {
          log.warn({ err: error }, what);
        }
      },
    );
  return {
    welcomed: (welcome) => {
      serverAheadMs = (welcome.serverTime?.getTime() ?? now()) - now();
      parts.status.set({ kind: "connected", sinceMs: now(), name: welcome.name, pool: welcome.pool });
      parts.status.reported(now());
      parts.store.connect(openServerStore(connection));
    },
    perform: (effect) => {
      switch (effect.kind) {
        case "take-target":
          targets.take(effect.state);
          return;
        case "plan":
          void beside(
            targets.settled().then(() => answerPlan(parts, effect.request, send, signal)),
            "answering a plan request failed",
          );
          return;
        case "command":
          commands = commands.then(() =>
            beside(takeCommand(parts, effect.command, now() + serverAheadMs, send), "taking a command failed"),
          );
          return;
        case "upload":
          uploads = uploads.then(() =>
            beside(upload(parts, connection, effect.sha256, signal), "uploading databases failed"),
          );
          return;
        case "offer":
          offers.take(effect.request);
          return;
        case "forget-result":
          void beside(
            operations.forget(effect.ack.operationId, Number(effect.ack.fence)),
            "forgetting a result failed",
          );
          return;
      }
    },
  };
}

interface TargetQueue {
  readonly take: (state: TargetState) => void;
  /** Resolves when nothing is being taken. */
  readonly settled: () => Promise<void>;
}

/** One at a time and only the newest: a server repeats a target that takes long, and may have a newer one by then. */
function makeTargetQueue(work: (state: TargetState) => Promise<void>): TargetQueue {
  let taking: TargetState | undefined;
  let next: TargetState | undefined;
  let settled: Promise<void> = Promise.resolve();
  const drain = async (): Promise<void> => {
    while (next !== undefined) {
      taking = next;
      next = undefined;
      await work(taking);
    }
    taking = undefined;
  };
  return {
    take: (state) => {
      if (taking === undefined) {
        next = state;
        settled = drain();
      } else {
        next = isSameState(taking, state) ? undefined : state;
      }
    },
    settled: () => settled,
  };
}

function isSameState(a: TargetState, b: TargetState): boolean {
  return a.target?.revision === b.target?.revision && a.policy?.digest === b.policy?.digest;
}

/** Fetches the target's databases, from the machine itself where it has the same, and answers whether it was taken. */
async function takeTarget(
  parts: SessionParts,
  connection: Connection,
  state: TargetState,
  send: Send,
  signal: AbortSignal,
): Promise<void> {
  const revision = state.target?.revision ?? 0n;
  const own = parts.follower.current().view.databases;
  let error = "";
  try {
    if (state.target?.view !== undefined) {
      decodeView(state.target.view);
    }
    await parts.targets.take(state, async ({ sha256 }, path) => {
      const same = own.find((database) => database.sha256 === sha256);
      const isCopied =
        same !== undefined && (await copyDatabase(parts.machine.databaseFile(same.repository), path, sha256));
      if (!isCopied) {
        await downloadDatabase(connection, sha256, path, signal);
      }
    });
    parts.log.info({ targetRevision: Number(revision) }, "target delivered");
  } catch (cause) {
    parts.log.warn({ err: cause, targetRevision: Number(revision) }, "target not taken");
    error = clipLine(sentenceFor(cause));
  }
  await send({ $case: "targetStatus", value: { targetRevision: revision, accepted: error === "", error } });
}

async function answerPlan(parts: SessionParts, request: PlanRequest, send: Send, signal: AbortSignal): Promise<void> {
  const delivered = parts.targets.current();
  const answer = await planFor(parts, request, delivered, signal);
  const requestId = request.requestId;
  if (answer.kind === "plan") {
    const outcome = { $case: "plan", value: encodePlan(answer.plan) } as const;
    await send({ $case: "planReport", value: { requestId, baseDigest: answer.plan.baseDigest, outcome } });
    return;
  }
  const { reason, message, details } = answer.refusal;
  const refusal = { reason, message: clipLine(message), details: clipLines(details) };
  const outcome = { $case: "refusal" as const, value: refusal };
  await send({ $case: "planReport", value: { requestId, baseDigest: answer.baseDigest, outcome } });
}

async function planFor(
  parts: SessionParts,
  request: PlanRequest,
  delivered: DeliveredTarget | undefined,
  signal: AbortSignal,
): Promise<PlanAnswer> {
  const wanted = Number(request.targetRevision);
  if (!request.revert && !request.repair && delivered?.target.revision !== wanted) {
    const has = delivered === undefined ? "none" : `revision ${String(delivered.target.revision)}`;
    const message = `this machine has not got target revision ${String(wanted)} yet, it has ${has}; ask again in a moment`;
    const baseDigest = parts.follower.current().digest;
    return { kind: "refusal", baseDigest, refusal: { reason: "STALE_REVISION", message, details: [] } };
  }
  const { revert, repair, revertOperationId, policy } = request;
  // The request may overtake a delivery that only brings other rules.
  const newest = delivered === undefined || policy === undefined ? delivered : withPolicy(delivered, policy);
  const question = {
    delivered: newest,
    revert,
    repair,
    revertOperationId: revertOperationId === "" ? undefined : revertOperationId,
  };
  return parts.plans.ask((limit) => parts.machine.plan(question, limit), signal);
}

function withPolicy(delivered: DeliveredTarget, policy: EndpointPolicy): DeliveredTarget {
  return { ...delivered, policy: decodePolicy(policy), policyDigest: policy.digest };
}

async function takeCommand(parts: SessionParts, wire: Command, serverNowMs: number, send: Send): Promise<void> {
  const sequence = Number(wire.commandSequence);
  const command = decodeCommand(wire);
  if (command === undefined) {
    const refused = { kind: "refused", reason: "INVALID_FIELD" } as const;
    await send({ $case: "commandAck", value: encodeAck(sequence, refused) });
    return;
  }
  const mayApply = parts.consent().apply !== "never";
  const answer = await parts.operations.take(command, serverNowMs, mayApply);
  await send({ $case: "commandAck", value: encodeAck(sequence, answer) });
}

/** Only what is still the machine's own; for what has changed meanwhile a new view is reported anyway. */
async function upload(
  parts: SessionParts,
  connection: Connection,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const { repository, sha256 } of parts.follower.current().view.databases) {
    if (wanted.includes(sha256)) {
      await uploadDatabase(connection, parts.machine.databaseFile(repository), sha256, signal);
    }
  }
}

function sentenceFor(cause: unknown): string {
  if (cause instanceof Refusal) {
    return refusalSentence(cause);
  }
  return cause instanceof Error ? cause.message : String(cause);
}
