// Rules as JSON and as a table.
import { HEADINGS } from "../../domain/face/headings.ts";
import type { RuleScope, RuleView } from "../../rpc/codec/policy.ts";
import type { Terminal } from "../terminal.ts";
import { jsonTime } from "./json.ts";
import { ago } from "./words.ts";

/** The shape of one element of `hold list -o json`. Exactly one of pool, label and endpoint is no null. */
export function ruleJson(rule: RuleView): Readonly<Record<string, unknown>> {
  return {
    id: rule.id,
    kind: rule.kind ?? null,
    pattern: rule.pattern,
    pool: rule.scope?.kind === "pool" ? rule.scope.pool : null,
    label: rule.scope?.kind === "label" ? rule.scope.label : null,
    endpoint: rule.scope?.kind === "endpoint" ? rule.scope.endpoint : null,
    author: rule.author,
    message: rule.message,
    createdAt: jsonTime(rule.createdAtMs),
  };
}

export function printRules(terminal: Terminal, rules: readonly RuleView[]): void {
  terminal.printTable(
    [
      { title: "PACKAGES" },
      { title: "FOR" },
      { title: HEADINGS.by },
      { title: "SINCE" },
      { title: HEADINGS.why, flexible: true },
      { title: "ID" },
    ],
    rules.map((rule) => [
      { text: rule.pattern, paint: (text: string) => terminal.paint("strong", text) },
      scopeWords(rule.scope),
      rule.author,
      ago(rule.createdAtMs),
      rule.message,
      { text: rule.id, paint: (text: string) => terminal.paint("muted", text) },
    ]),
  );
}

export function scopeWords(scope: RuleScope | undefined): string {
  switch (scope?.kind) {
    case undefined:
      return "?";
    case "pool":
      return `pool ${scope.pool}`;
    case "label":
      return `label ${scope.label}`;
    case "endpoint":
      return `endpoint ${scope.endpoint}`;
  }
}
