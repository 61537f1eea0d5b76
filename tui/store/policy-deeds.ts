// Deeds about what pools and endpoints have of their own: decisions on conflicts, rules that come and go.
import type { PolicyKind } from "../../domain/policy/policy.ts";
import type { RuleScope } from "../../rpc/codec/policy.ts";
import { encodeConflictTake, encodePolicyKind, encodeRuleScope } from "../../rpc/codec/policy.ts";
import type { Connection } from "../../rpc/connection.ts";
import type { DeedWords } from "./deed.ts";
import { RULE_EFFECTS, scopeWords } from "./rows/rule-rows.ts";

export type PolicyDeed =
  | {
      readonly kind: "resolve-conflicts";
      readonly endpointId: string;
      readonly endpoint: string;
      readonly packages: readonly string[];
      /** What becomes of each, one line per package. */
      readonly lines: readonly string[];
      readonly take: "target" | "current";
    }
  | {
      readonly kind: "add-rule";
      readonly rule: PolicyKind;
      readonly pattern: string;
      readonly scope: RuleScope;
      readonly message: string;
    }
  | { readonly kind: "remove-rule"; readonly ruleId: string; readonly words: string };

export function isPolicyDeed(deed: { readonly kind: string }): deed is PolicyDeed {
  return deed.kind === "resolve-conflicts" || deed.kind === "add-rule" || deed.kind === "remove-rule";
}

/** Lines of a question that name packages; it must fit the smallest screen. */
const MAX_NAMED = 5;

export function describePolicyDeed(deed: PolicyDeed): DeedWords {
  switch (deed.kind) {
    case "resolve-conflicts": {
      const { endpoint, lines, take, packages } = deed;
      const rest = lines.length - MAX_NAMED;
      const count = `${packages.length} package${packages.length === 1 ? "" : "s"}`;
      return {
        title:
          take === "target" ? `Take the target's ${count} on ${endpoint}?` : `Keep ${count} of ${endpoint} as it is?`,
        lines: [
          ...lines.slice(0, MAX_NAMED),
          ...(rest > 0 ? [`and ${rest} more`] : []),
          "It holds until the pool has another target. No package changes by this alone.",
        ],
        confirm: take === "target" ? "take the target's" : "keep them",
        doing: `deciding ${count} of ${endpoint}`,
      };
    }
    case "add-rule": {
      const { rule, pattern, scope, message } = deed;
      return {
        title: `New rule: ${rule} ${pattern}?`,
        lines: [
          `For ${scopeWords(scope)}: ${pattern} ${RULE_EFFECTS[rule]}.`,
          ...(message === "" ? [] : [`Why: ${message}`]),
          "Every endpoint that it concerns is compared anew. No package changes by this alone.",
        ],
        confirm: "add it",
        doing: `adding a rule for ${scopeWords(scope)}`,
      };
    }
    case "remove-rule":
      return {
        title: "Remove this rule?",
        lines: [deed.words, "What it said no longer counts. No package changes by this alone."],
        confirm: "remove it",
        doing: "removing a rule",
      };
  }
}

export function policyDoneWords(deed: PolicyDeed): string {
  switch (deed.kind) {
    case "resolve-conflicts":
      return `decided: ${deed.packages.length === 1 ? (deed.packages[0] ?? "") : `${deed.packages.length} packages`} of ${deed.endpoint}`;
    case "add-rule":
      return `${deed.rule} ${deed.pattern} now counts for ${scopeWords(deed.scope)}`;
    case "remove-rule":
      return `no longer: ${deed.words}`;
  }
}

/** Safe to repeat with the same key. */
export async function performPolicyDeed(
  { policies }: Pick<Connection, "policies">,
  deed: PolicyDeed,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<void> {
  switch (deed.kind) {
    case "resolve-conflicts": {
      const { endpointId: endpoint } = deed;
      const packages = [...deed.packages];
      const take = encodeConflictTake(deed.take);
      await policies.resolveConflicts({ idempotencyKey, endpoint, packages, take }, { signal });
      return;
    }
    case "add-rule": {
      const { rule, pattern, message } = deed;
      const scope = encodeRuleScope(deed.scope);
      await policies.addRule({ idempotencyKey, kind: encodePolicyKind(rule), scope, pattern, message }, { signal });
      return;
    }
    case "remove-rule":
      await policies.removeRule({ idempotencyKey, id: deed.ruleId }, { signal });
  }
}
