// Rules as rows, by what they do: holds, shares, own and foreign packages, each with whom it is for and who said so.
import type { PolicyKind } from "../../../domain/policy/policy.ts";
import type { RuleScope, RuleView } from "../../../rpc/codec/policy.ts";
import { moment } from "../../words.ts";
import { type ListItem, type ListRow, sectionRows } from "./list-row.ts";

/** What a rule does to the packages that it names. */
export const RULE_EFFECTS: Readonly<Record<PolicyKind, string>> = {
  hold: "keeps its version, whatever the target has",
  share: "must be there: it is installed where it is missing",
  own: "may be there or not; its version follows the target",
  foreign: "is left alone, as if no repository had it",
};

const TITLES: Readonly<Record<PolicyKind, string>> = {
  hold: "hold: keep their version",
  share: "share: must be there",
  own: "own: there or not, as the machine likes",
  foreign: "foreign: left alone",
};

const SHOWN: readonly PolicyKind[] = ["hold", "share", "own", "foreign"];

export function ruleRows(rules: readonly RuleView[], filter: string): readonly ListRow[] {
  return sectionRows(
    SHOWN.map((kind) => ({
      id: kind,
      title: TITLES[kind],
      items: rules.filter((one) => one.kind === kind).map(ruleItem),
    })),
    filter,
  );
}

/** For example "pool studio". */
export function scopeWords(scope: RuleScope | undefined): string {
  switch (scope?.kind) {
    case "pool":
      return `pool ${scope.pool}`;
    case "label":
      return `label ${scope.label}`;
    case "endpoint":
      return `endpoint ${scope.endpoint}`;
    case undefined:
      return "–";
  }
}

function ruleItem(one: RuleView): ListItem {
  const { id, kind, pattern, scope, author, message, createdAtMs } = one;
  const effect = kind === undefined ? "" : RULE_EFFECTS[kind];
  const reason = message === "" ? "" : `: “${message}”`;
  // Only a plain name is one package.
  const isName = !/^@|[*?[\\]/u.test(pattern);
  return {
    kind: "item",
    id,
    cells: [
      { text: pattern, tone: "strong", grow: 3 },
      { text: scopeWords(scope), grow: 3 },
      { text: author, tone: "muted", width: 12, from: 70 },
      { text: moment(createdAtMs), tone: "muted", width: 16, from: 90 },
      { text: message, tone: "muted", grow: 3, from: 70 },
    ],
    why: `${pattern} ${effect}, for ${scopeWords(scope)}; said by ${author} on ${moment(createdAtMs)}${reason}`,
    words: kind ?? "",
    opens: isName ? { kind: "package", poolId: "", name: pattern } : undefined,
  };
}
