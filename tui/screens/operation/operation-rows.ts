// The steps of an operation as a person follows them: done, under way, still to come, or where it stopped.
import {
  isFinished,
  OPERATION_STEPS,
  type OperationStateKind,
  type OperationStep,
} from "../../../domain/operation/lifecycle.ts";
import type { OperationView } from "../../../rpc/codec/operation.ts";
import type { Line, Tone } from "../../theme.ts";

const STEP_WORDS: Readonly<Record<OperationStep, string>> = {
  check: "check the plan",
  health: "check health",
  fetch: "fetch packages",
  simulate: "simulate",
  preflight: "space and consent",
  journal: "write journal",
  keyring: "keyrings",
  transaction: "pacman transaction",
  reasons: "install reasons",
  proof: "proof",
  databases: "databases",
  aftermath: "services, .pacnew",
  report: "report",
};

export const STATE_LOOKS: Readonly<
  Record<OperationStateKind, { readonly glyph: string; readonly tone: Tone; readonly words: string }>
> = {
  "pending-approval": { glyph: "?", tone: "notice", words: "waits for approval" },
  queued: { glyph: "·", tone: "muted", words: "waits for the machine" },
  delivered: { glyph: "»", tone: "busy", words: "the machine has it" },
  running: { glyph: "»", tone: "busy", words: "under way" },
  succeeded: { glyph: "✓", tone: "good", words: "done and proved" },
  degraded: { glyph: "!", tone: "alarm", words: "done, but the proof failed" },
  failed: { glyph: "✗", tone: "alarm", words: "stopped with an error" },
  refused: { glyph: "■", tone: "danger", words: "refused; nothing was changed" },
  cancelled: { glyph: "○", tone: "muted", words: "cancelled; nothing was changed" },
  interrupted: { glyph: "!", tone: "alarm", words: "interrupted; the machine resumes or repairs it" },
};

export function stepLine(step: OperationStep, operation: OperationView): Line {
  const { state } = operation;
  const at = operation.step === undefined ? -1 : OPERATION_STEPS.indexOf(operation.step);
  const index = OPERATION_STEPS.indexOf(step);
  const words = STEP_WORDS[step];
  if (state === "succeeded" || index < at) return [{ text: "✓ ", tone: "good" }, { text: words }];
  if (index > at)
    return [
      { text: "· ", tone: "muted" },
      { text: words, tone: "muted" },
    ];
  if (isFinished(state) || state === "interrupted") {
    const { glyph, tone } = STATE_LOOKS[state];
    return [{ text: `${glyph} ${words}`, tone }];
  }
  return [
    { text: "» ", tone: "busy" },
    { text: words, tone: "strong" },
  ];
}
