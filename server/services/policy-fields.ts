// Fields of rules, conflicts and a pool's consent as they come in: checked once, here.

import { parseWindow, WINDOW_FORM } from "../../domain/consent/window.ts";
import { checkPattern } from "../../domain/policy/pattern.ts";
import type { PolicyKind } from "../../domain/policy/policy.ts";
import type { ConflictTake } from "../../domain/policy/resolve-conflicts.ts";
import { invalidField, tooLarge } from "../../domain/refusal.ts";
import type {
  PolicyScope,
  PolicyKind as WireKind,
  ConflictTake as WireTake,
} from "../../proto/generated/pacpool/v1/policy.ts";
import { decodeConflictTake, decodePolicyKind, decodeRuleScope, type RuleScope } from "../../rpc/codec/policy.ts";
import { labelName, line, reference } from "./fields.ts";

const WORDS = {
  apply: ["never", "ask", "window", "shutdown", "auto"],
  reboot: ["never", "ask", "window"],
  missed_window: ["boot", "next", "shutdown", "now"],
} as const;

/** Empty takes the pool's word back. */
export function checkConsentWord(field: keyof typeof WORDS, value: string): string {
  const words: readonly string[] = WORDS[field];
  if (value !== "" && !words.includes(value)) {
    throw invalidField(field, value, `${words.join(", ")}, or nothing`);
  }
  return value;
}

/** One for every hour of a week would be less. */
const MAX_WINDOWS = 64;
const MAX_WINDOW_LENGTH = 100;

export function checkWindows(windows: readonly string[]): readonly string[] {
  if (windows.length > MAX_WINDOWS) {
    throw tooLarge("windows", MAX_WINDOWS);
  }
  const wrong = windows.find((one) => one.length > MAX_WINDOW_LENGTH || parseWindow(one) === undefined);
  if (wrong !== undefined) {
    throw invalidField("windows", wrong, WINDOW_FORM);
  }
  return windows;
}

/** A name, a glob or a group. */
export function pattern(field: string, value: string): string {
  return checkPattern(field, value);
}

export function policyKind(field: string, value: WireKind): PolicyKind {
  const kind = decodePolicyKind(value);
  if (kind === undefined) {
    throw invalidField(field, String(value), "HOLD, SHARE, OWN or FOREIGN");
  }
  return kind;
}

export function optionalPolicyKind(field: string, value: WireKind): PolicyKind | undefined {
  return Number(value) === 0 ? undefined : policyKind(field, value);
}

export function conflictTake(field: string, value: WireTake): ConflictTake {
  const take = decodeConflictTake(value);
  if (take === undefined) {
    throw invalidField(field, String(value), "TARGET or CURRENT");
  }
  return take;
}

export function optionalScope(field: string, value: PolicyScope | undefined): RuleScope | undefined {
  const decoded = decodeRuleScope(value);
  switch (decoded?.kind) {
    case undefined:
      return undefined;
    case "pool":
      return { kind: "pool", pool: reference(`${field}.pool`, decoded.pool) };
    case "endpoint":
      return { kind: "endpoint", endpoint: reference(`${field}.endpoint`, decoded.endpoint) };
    case "label":
      return { kind: "label", label: labelSelector(`${field}.label`, decoded.label) };
  }
}

export function scope(field: string, value: PolicyScope | undefined): RuleScope {
  const decoded = optionalScope(field, value);
  if (decoded === undefined) {
    throw invalidField(field, "nothing", "a pool, a label or an endpoint");
  }
  return decoded;
}

/** NAME=VALUE, or NAME for any value. */
function labelSelector(field: string, value: string): string {
  const at = value.indexOf("=");
  const name = labelName(field, at < 0 ? value : value.slice(0, at));
  return at < 0 ? name : `${name}=${line(field, value.slice(at + 1), 255)}`;
}
