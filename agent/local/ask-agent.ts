// The other end of the agent's socket, for the CLI and the faces. Must not know what an answer means.
import { connect } from "node:net";
import * as z from "zod/mini";
import { type Answer, MAX_ANSWER_BYTES, type Question } from "./protocol.ts";
import { socketPath } from "./socket.ts";

/** No agent answers on that socket; the message says what to do. */
export class AgentUnreachableError extends Error {
  override readonly name = "AgentUnreachableError";
  readonly exitCode = 3;
}

const AnswerSchema: z.ZodMiniType<Answer> = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), answer: z.unknown() }),
  z.object({ ok: z.literal(false), reason: z.string(), message: z.string(), details: z.array(z.string()) }),
]);

/** Asks the agent whose sockets lie in `runDir`. Throws AgentUnreachableError when none answers in time. */
export function askAgent(runDir: string, question: Question, timeoutMs = 10_000): Promise<Answer> {
  const path = socketPath(runDir);
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let received = "";
    const fail = (why: string, cause?: unknown): void => {
      socket.destroy();
      reject(new AgentUnreachableError(`asking the agent on ${path} failed: ${why}`, { cause }));
    };
    socket.setEncoding("utf8");
    socket.setTimeout(timeoutMs, () => {
      fail(`no answer within ${String(Math.round(timeoutMs / 1000))} s`);
    });
    socket.once("error", (cause) => {
      fail(sentenceOf(cause), cause);
    });
    socket.once("close", () => {
      fail("it hung up; its log has the cause");
    });
    socket.on("data", (chunk: string) => {
      received += chunk;
      const end = received.indexOf("\n");
      if (end !== -1) {
        const answer = parseAnswer(received.slice(0, end));
        if (answer === undefined) {
          fail("its answer is not understood; are both of the same version?");
          return;
        }
        resolve(answer);
        socket.destroy();
      } else if (received.length > MAX_ANSWER_BYTES) {
        fail("its answer is too long");
      }
    });
    socket.write(`${JSON.stringify(question)}\n`);
  });
}

function parseAnswer(line: string): Answer | undefined {
  try {
    return AnswerSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function sentenceOf(cause: Error): string {
  const code = "code" in cause ? cause.code : undefined;
  if (code === "ENOENT" || code === "ECONNREFUSED") {
    return "it is not running; start it with `pacpool agent` or `systemctl start pacpool-agent`";
  }
  return code === "EACCES" ? "you may not; become a member of the group pacpool" : cause.message;
}
