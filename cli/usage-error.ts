// A mistake in what was typed or configured; the process ends with 2. The message says what would be right.
import { EXIT } from "./exit-code.ts";

export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly exitCode = EXIT.usage;
}

/** A failure with an exit code of its own and advice on what to do. */
export class VerbFailure extends Error {
  override readonly name = "VerbFailure";
  readonly exitCode: (typeof EXIT)[keyof typeof EXIT];
  readonly advice: string | undefined;

  constructor(
    exitCode: (typeof EXIT)[keyof typeof EXIT],
    message: string,
    options: { readonly advice?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.exitCode = exitCode;
    this.advice = options.advice;
  }
}
