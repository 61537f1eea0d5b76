// Deeds change machines: somebody must have said yes.
import { Stopped } from "./failure.ts";
import { UsageError } from "./usage-error.ts";
import type { Context } from "./verb.ts";

/** Before anything is asked of the server: without --yes there must be somebody to ask. Throws UsageError. */
export function requireConsentPossible(context: Context, isAgreed: boolean): void {
  if (!isAgreed && !context.terminal.isInteractive) {
    throw new UsageError(
      "this needs your consent and there is no terminal to ask on; add --yes, or look first with `pacpool plan`",
    );
  }
}

/** True when agreed. Says that nothing was changed when not. */
export async function askConsent(context: Context, isAgreed: boolean, question: string): Promise<boolean> {
  if (isAgreed) return true;
  const { terminal, signal } = context;
  const isYes = await terminal.confirm(question, signal).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : new Stopped("no answer", { cause: error });
  });
  if (!isYes) terminal.note("Nothing was changed.");
  return isYes;
}
