// How long to stay away after a stream has ended, and what to tell people meanwhile. Pure: chance is passed in.
import { status } from "@grpc/grpc-js";
import { Refusal } from "../../domain/refusal.ts";
import { refusalRow } from "../../rpc/errors.ts";
import { RpcFailure } from "../../rpc/failure.ts";
import { fullJitter } from "../../rpc/retry.ts";

export type StreamEnd =
  | { readonly kind: "drained"; readonly minDelayMs: number; readonly maxDelayMs: number; readonly reason: string }
  | { readonly kind: "ended" }
  | { readonly kind: "failed"; readonly error: unknown };

export interface NextAttempt {
  readonly delayMs: number;
  /** One sentence. */
  readonly why: string;
  /** Nothing gets better until a person does something. */
  readonly needsPerson: boolean;
}

/** Without a person nothing changes; a try every few minutes notices when one has acted. */
const PERSON_DELAY_MS = 300_000;
/** Another stream of the same identity is newer: hurrying back would make the two take turns. */
const SUPERSEDED_DELAY_MS = 60_000;

const FOR_A_PERSON: ReadonlySet<number> = new Set([
  status.UNAUTHENTICATED,
  status.FAILED_PRECONDITION,
  status.PERMISSION_DENIED,
  status.UNIMPLEMENTED,
]);

/** `attempt` counts failures since the last Welcome. */
export function nextAttempt(end: StreamEnd, attempt: number, random: () => number): NextAttempt {
  switch (end.kind) {
    case "drained": {
      const window = Math.max(0, end.maxDelayMs - end.minDelayMs);
      const delayMs = end.minDelayMs + Math.floor(random() * window) + fullJitter(0, random);
      return { delayMs, why: `the server is stopping: ${end.reason}`, needsPerson: false };
    }
    case "ended":
      return { delayMs: fullJitter(attempt, random), why: "the server ended the stream", needsPerson: false };
    case "failed":
      return afterFailure(end.error, attempt, random);
  }
}

function afterFailure(error: unknown, attempt: number, random: () => number): NextAttempt {
  const { code, why, retryDelayMs, isSuperseded } = readFailure(error);
  if (code !== undefined && FOR_A_PERSON.has(code)) {
    return { delayMs: half(PERSON_DELAY_MS, random), why: `${why}; ${adviceFor(code)}`, needsPerson: true };
  }
  if (isSuperseded) {
    return { delayMs: half(SUPERSEDED_DELAY_MS, random), why, needsPerson: false };
  }
  return { delayMs: Math.max(fullJitter(attempt, random), retryDelayMs), why, needsPerson: false };
}

interface Failure {
  readonly code: number | undefined;
  readonly why: string;
  readonly retryDelayMs: number;
  readonly isSuperseded: boolean;
}

function readFailure(error: unknown): Failure {
  if (error instanceof Refusal) {
    const row = refusalRow(error.reason);
    return {
      code: status[row.status],
      why: row.sentence(error.metadata),
      retryDelayMs: row.retryDelayMs ?? 0,
      isSuperseded: error.reason === "SUPERSEDED",
    };
  }
  if (error instanceof RpcFailure) {
    const { status: code, message, retryDelayMs = 0 } = error;
    return { code, why: message, retryDelayMs, isSuperseded: code === status.ABORTED };
  }
  const why = error instanceof Error ? error.message : String(error);
  return { code: undefined, why, retryDelayMs: 0, isSuperseded: false };
}

function adviceFor(code: number): string {
  return code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED
    ? "this machine's identity is not known there: make a token on the server and run `pacpool join CODE --replace NAME`"
    : "see the server's log, then restart the agent";
}

/** Between half of the time and all of it. */
function half(ms: number, random: () => number): number {
  return Math.floor(ms / 2 + (random() * ms) / 2);
}
