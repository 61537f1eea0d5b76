// Asks an agent of this machine for its summary over its socket: for when the file beside it is not fresh, because the
// clock was set or the machine slept. One question, one answer; without an agent, or without leave, nothing.
import { connect } from "node:net";
import { join } from "node:path";
import type { StatusSummary } from "../domain/status-line/status-summary.ts";
import { parseSummary } from "./summary-file.ts";

/** An agent answers in milliseconds; one that does not is as good as none. */
const TIMEOUT_MS = 1_000;
/** A summary and its envelope. */
const MAX_ANSWER_CHARS = 128 * 1024;

/** The first answer of an agent in one of the folders. Never rejects. */
export async function askSummary(runDirs: readonly string[]): Promise<StatusSummary | undefined> {
  for (const runDir of runDirs) {
    const answer = await ask(join(runDir, "agent.sock"));
    const summary = answer === undefined ? undefined : summaryIn(answer);
    if (summary !== undefined) return summary;
  }
  return undefined;
}

function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(path);
    const end = (answer: string | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    const fail = (): void => {
      end(undefined);
    };
    socket.setEncoding("utf8");
    socket.setTimeout(TIMEOUT_MS, fail);
    socket.once("error", fail);
    socket.once("close", fail);
    socket.on("data", (part: string) => {
      received += part;
      const line = received.indexOf("\n");
      if (line !== -1) end(received.slice(0, line));
      else if (received.length > MAX_ANSWER_CHARS) fail();
    });
    socket.write('{"do":"summary"}\n');
  });
}

function summaryIn(answer: string): StatusSummary | undefined {
  try {
    const value: unknown = JSON.parse(answer);
    if (typeof value !== "object" || value === null || !("answer" in value)) return undefined;
    return parseSummary(JSON.stringify(value.answer));
  } catch {
    return undefined;
  }
}
