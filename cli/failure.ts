// Failures for people: what was attempted, why it failed, what to do next; and the exit code. Nobody parses these
// sentences. Loads the error table only when there is something to tell.
import { Refusal } from "../domain/refusal.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { VerbFailure } from "./usage-error.ts";

/** Adds what was attempted to an error on its way up. */
export class Attempt extends Error {
  override readonly name = "Attempt";
}

export async function attempting<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    throw new Attempt(what, { cause });
  }
}

/** Ctrl-C. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

export interface FailureStory {
  readonly exitCode: ExitCode;
  /** Why, without what was attempted. */
  readonly why: string;
  readonly advice: string | undefined;
}

/** Unwraps attempts: what was tried, outermost first, and the error below. */
export function unwrap(error: unknown): { readonly attempts: readonly string[]; readonly error: unknown } {
  const attempts: string[] = [];
  let inner = error;
  while (inner instanceof Attempt) {
    attempts.push(inner.message);
    inner = inner.cause;
  }
  return { attempts, error: inner };
}

export async function tellFailure(error: unknown): Promise<FailureStory> {
  if (error instanceof Refusal) return tellRefusal(error);
  if (error instanceof VerbFailure) return { exitCode: error.exitCode, why: error.message, advice: error.advice };
  if (error instanceof Stopped) return { exitCode: EXIT.stopped, why: "stopped by Ctrl-C", advice: undefined };
  if (!(error instanceof Error)) return { exitCode: EXIT.failed, why: String(error), advice: undefined };
  if (error.name === "RpcFailure") return await tellRpcFailure(error);
  if (error.name === "TimeoutError") {
    const advice = "Give it more with --timeout, or look at the server with `pacpool doctor`.";
    return { exitCode: EXIT.network, why: "the time given by --timeout is over", advice };
  }
  // Configuration, lock and socket errors of the processes bring their own code and say what to do.
  if ("exitCode" in error && typeof error.exitCode === "number") {
    return { exitCode: error.exitCode as ExitCode, why: error.message, advice: undefined };
  }
  return { exitCode: EXIT.failed, why: causes(error), advice: undefined };
}

async function tellRefusal(refusal: Refusal): Promise<FailureStory> {
  const { refusalRow, refusalSentence } = await import("../rpc/errors.ts");
  const exitCode = {
    UNAUTHENTICATED: EXIT.permission,
    PERMISSION_DENIED: EXIT.permission,
    UNAVAILABLE: EXIT.network,
    INVALID_ARGUMENT: EXIT.usage,
    ABORTED: EXIT.refused,
    ALREADY_EXISTS: EXIT.refused,
    FAILED_PRECONDITION: EXIT.refused,
    NOT_FOUND: EXIT.refused,
    RESOURCE_EXHAUSTED: EXIT.refused,
  }[refusalRow(refusal.reason).status];
  return { exitCode, why: refusalSentence(refusal), advice: undefined };
}

async function tellRpcFailure(error: Error): Promise<FailureStory> {
  const { RpcFailure } = await import("../rpc/failure.ts");
  const status = error instanceof RpcFailure ? error.statusName : "UNKNOWN";
  switch (status) {
    case "UNAVAILABLE":
      return { exitCode: EXIT.network, why: unreachable(error.message), advice: adviceFor(error.message) };
    case "DEADLINE_EXCEEDED":
      return {
        exitCode: EXIT.network,
        why: "the server did not answer in time",
        advice: "Try again, or see `pacpool doctor`.",
      };
    case "UNAUTHENTICATED":
    case "PERMISSION_DENIED":
      return {
        exitCode: EXIT.permission,
        why: error.message,
        advice: "Give another key by PACPOOL_KEY or PACPOOL_KEY_FILE.",
      };
    case "INVALID_ARGUMENT":
      return { exitCode: EXIT.usage, why: error.message, advice: undefined };
    case "UNIMPLEMENTED":
      return {
        exitCode: EXIT.failed,
        why: "the server does not know this call",
        advice: "Bring both sides to one version.",
      };
    default:
      return {
        exitCode: EXIT.failed,
        why: `the server answered ${status}: ${error.message}`,
        advice: "Its log has the cause.",
      };
  }
}

/** grpc-js wraps what happened in words of its own. */
function unreachable(message: string): string {
  const inner = /Last error: (?:Error: )?(.*?)\.? Resolution note/.exec(message)?.[1];
  return `the server cannot be reached: ${inner ?? message}`;
}

function adviceFor(message: string): string {
  // Asking for a certificate that nobody shows is an absent server, not one that is not believed.
  const isAbsent = /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|no answer in time/.test(message);
  if (!isAbsent && /self.signed|unable to (get|verify)|certificate/i.test(message)) {
    return "The server's certificate is not believed: name its authority with --ca or PACPOOL_CA (STATE/authority/authority.crt on the server).";
  }
  return "Check that the server runs there (`pacpool doctor`), or name another with --server or PACPOOL_SERVER.";
}

/** The message with those of its causes; low-level failures are wrapped with what was attempted. */
function causes(error: Error): string {
  const messages: string[] = [];
  for (let one: unknown = error; one instanceof Error && messages.length < 5; one = one.cause) {
    if (!messages.some((message) => message.includes((one as Error).message))) messages.push(one.message);
  }
  return messages.join(": ");
}
