// The steps of an operation as a person follows them: done, under way, still to come, or where it stopped.

import { OPERATION_FACES } from "../../../domain/face/faces.ts";
import { isFinished, OPERATION_STEPS, type OperationStep } from "../../../domain/operation/lifecycle.ts";
import type { OperationView } from "../../../rpc/codec/operation.ts";
import type { Line } from "../../theme.ts";

export const STEP_WORDS: Readonly<Record<OperationStep, string>> = {
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

export function stepLine(step: OperationStep, operation: OperationView): Line {
  const { state } = operation;
  const at = operation.step === undefined ? -1 : OPERATION_STEPS.indexOf(operation.step);
  const index = OPERATION_STEPS.indexOf(step);
  const words = STEP_WORDS[step];
  if (state === "succeeded" || index < at)
    return [{ text: `${OPERATION_FACES.succeeded.glyph} `, tone: "good" }, { text: words }];
  if (index > at)
    return [
      { text: "· ", tone: "muted" },
      { text: words, tone: "muted" },
    ];
  if (isFinished(state) || state === "interrupted") {
    const { glyph, role: tone } = OPERATION_FACES[state];
    return [{ text: `${glyph} ${words}`, tone }];
  }
  return [
    { text: `${OPERATION_FACES.running.glyph} `, tone: "busy" },
    { text: words, tone: "strong" },
  ];
}
