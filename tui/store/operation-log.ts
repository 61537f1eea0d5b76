// What an operation said while its screen was open, one line per new word of its agent. The server keeps the newest word only.
// Pure and bounded.
import { OPERATION_STEPS, type OperationStep } from "../../domain/operation/lifecycle.ts";
import type { WatchEvent } from "../../rpc/codec/watch.ts";
import type { Route } from "./state.ts";

export interface LogLine {
  readonly atMs: number;
  readonly step: OperationStep | undefined;
  readonly percent: number;
  readonly message: string;
}

/** Lines of one operation: ten minutes of one word a second; older ones go. */
const MAX_LINES = 600;
/** Operations that are remembered; as many as screens can lie upon each other. */
const MAX_LOGS = 16;

export type Logs = ReadonlyMap<string, readonly LogLine[]>;

/** The logs with what was just told of operations whose screen is open. The same object when there is nothing new. */
export function logProgress(logs: Logs, routes: readonly Route[], events: readonly WatchEvent[], nowMs: number): Logs {
  let next = logs;
  for (const event of events) {
    if (event.kind !== "progress" || !isOpen(routes, event.progress.operationId)) continue;
    const { operationId, step, percent, message } = event.progress;
    const lines = next.get(operationId) ?? [];
    const last = lines.at(-1);
    if (last?.step === step && last?.message === message) continue;
    const line = { atMs: nowMs, step, percent, message };
    const kept = new Map(next);
    kept.delete(operationId);
    next = kept.set(operationId, [...lines.slice(-(MAX_LINES - 1)), line]);
  }
  return next.size <= MAX_LOGS ? next : new Map([...next].slice(-MAX_LOGS));
}

/** What the server kept, and after it what was heard since: the two overlap while an operation runs. */
export function wholeLog(kept: readonly LogLine[], heard: readonly LogLine[]): readonly LogLine[] {
  const last = kept.at(-1);
  if (last === undefined) return heard;
  const same = heard.findLastIndex(({ step, message }) => step === last.step && message === last.message);
  const from = same >= 0 ? same + 1 : heard.findIndex(({ atMs }) => atMs > last.atMs);
  return from < 0 ? kept : [...kept, ...heard.slice(from)];
}

/** How long each step took or takes, ms, as far as the log tells; what lies between two attempts is no step's. */
export function stepTimes(log: readonly LogLine[], endMs: number): ReadonlyMap<OperationStep, number> {
  const times = new Map<OperationStep, number>();
  for (const [at, { step, atMs }] of log.entries()) {
    if (step === undefined) continue;
    const next = log[at + 1];
    const isLastOfAttempt =
      next?.step !== undefined && OPERATION_STEPS.indexOf(next.step) < OPERATION_STEPS.indexOf(step);
    const untilMs = isLastOfAttempt ? atMs : (next?.atMs ?? endMs);
    times.set(step, (times.get(step) ?? 0) + Math.max(0, untilMs - atMs));
  }
  return times;
}

function isOpen(routes: readonly Route[], operationId: string): boolean {
  return routes.some((route) => route.kind === "operation" && route.operationId === operationId);
}
