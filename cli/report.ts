// Says why a verb failed: what was attempted, why, and what to do next. Loaded with what it needs only when it is needed.
import { EXIT, type ExitCode } from "./exit-code.ts";
import { tellFailure, unwrap } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

export interface FailedVerb {
  /** Undefined when the command line itself was not understood. */
  readonly name: string | undefined;
  readonly isUsage: boolean;
  readonly isVerbose: boolean;
}

export async function reportFailure(
  thrown: unknown,
  { name, isUsage, isVerbose }: FailedVerb,
  { note }: Pick<Terminal, "note">,
): Promise<ExitCode> {
  const { attempts, error } = unwrap(thrown);
  const story =
    isUsage && error instanceof Error
      ? { exitCode: EXIT.usage, why: error.message, advice: "See `pacpool --help`." }
      : await tellFailure(error);
  const what = name === undefined ? "pacpool" : `pacpool ${name} failed`;
  note([what, ...attempts, story.why].join(": "));
  if (story.advice !== undefined) note(`  ${story.advice}`);
  if (isVerbose && error instanceof Error) note(stackOf(error));
  return story.exitCode;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
