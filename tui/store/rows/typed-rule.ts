// A rule as a person types it in one line: KIND PATTERN, for whom, and why. Pure; what is wrong is said while it is typed.

import { checkPattern } from "../../../domain/policy/pattern.ts";
import { isPolicyKind, type PolicyKind } from "../../../domain/policy/policy.ts";
import { Refusal } from "../../../domain/refusal.ts";
import type { RuleScope } from "../../../rpc/codec/policy.ts";

export interface TypedRule {
  readonly kind: PolicyKind;
  readonly pattern: string;
  readonly scope: RuleScope;
  /** Why, for whoever asks later; may be empty. */
  readonly message: string;
}

const SHAPE = "KIND PATTERN [pool|label|endpoint NAME] [why], for example: hold linux* until the new driver";

/** The rule, or the sentence of what is missing. Without a scope it is for `pool`. */
export function readTypedRule(text: string, pool: string | undefined): TypedRule | string {
  const [kind = "", pattern = "", word = "", name = "", ...rest] = text.trim().split(/\s+/u);
  if (kind === "") return SHAPE;
  if (!isPolicyKind(kind)) return `“${kind}” is none of hold, share, own, foreign`;
  if (pattern === "") return `${kind} what? A name, a glob such as linux*, or @ and a group's name`;
  try {
    checkPattern("pattern", pattern);
  } catch (error) {
    if (error instanceof Refusal) return `“${pattern}” is no name, no glob such as linux*, and no @GROUP`;
    throw error;
  }
  if (word === "pool" || word === "label" || word === "endpoint") {
    if (name === "") return `which ${word}?`;
    return { kind, pattern, scope: scopeOf(word, name), message: rest.join(" ") };
  }
  if (pool === undefined) return "for whom? pool NAME, label NAME=VALUE or endpoint NAME";
  const message = [word, name, ...rest].filter((one) => one !== "").join(" ");
  return { kind, pattern, scope: { kind: "pool", pool }, message };
}

function scopeOf(word: "pool" | "label" | "endpoint", name: string): RuleScope {
  switch (word) {
    case "pool":
      return { kind: "pool", pool: name };
    case "label":
      return { kind: "label", label: name };
    case "endpoint":
      return { kind: "endpoint", endpoint: name };
  }
}
