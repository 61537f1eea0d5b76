// Rules and conflicts for the edge, bound to a store.
import type { PolicyKind } from "../../../domain/policy/policy.ts";
import type { Store } from "../../store/store.ts";
import { pageOf, pageStart } from "../pages.ts";
import type { Page, PageOf } from "../records.ts";
import {
  type AddRuleInput,
  addRule,
  type RemoveRuleInput,
  removeRule,
  type ScopeInput,
  scopeIds,
} from "./change-rules.ts";
import { type RuleRecord, readRulesAfter, rulePlace } from "./rule-rows.ts";
import {
  type ConflictFilter,
  type ConflictList,
  type ConflictRecord,
  listConflicts,
  type ResolveConflictsInput,
  settleConflicts,
} from "./settle-conflicts.ts";

export interface RuleQuestion {
  readonly kind: PolicyKind | undefined;
  readonly scope: ScopeInput | undefined;
}

export interface PolicyOperations {
  readonly listRules: (question: RuleQuestion, page: Page) => Promise<PageOf<RuleRecord>>;
  readonly addRule: (input: AddRuleInput) => Promise<RuleRecord>;
  readonly removeRule: (input: RemoveRuleInput) => Promise<RuleRecord>;
  readonly listConflicts: (filter: ConflictFilter) => Promise<ConflictList>;
  readonly resolveConflicts: (input: ResolveConflictsInput) => Promise<readonly ConflictRecord[]>;
}

export function makePolicyOperations(store: Store): PolicyOperations {
  return {
    listRules: (question, page) => listRules(store, question, page),
    addRule: (input) => addRule(store, input),
    removeRule: (input) => removeRule(store, input),
    listConflicts: (filter) => listConflicts(store, filter),
    resolveConflicts: (input) => settleConflicts(store, input),
  };
}

function listRules(store: Store, { kind, scope }: RuleQuestion, page: Page): Promise<PageOf<RuleRecord>> {
  return store.database.snapshot(async (sql) => {
    const ids = scope === undefined ? undefined : await scopeIds(sql, scope);
    const rules = await readRulesAfter(sql, { kind, scope: ids }, pageStart(page), page.size + 1);
    return pageOf(page, rules, rulePlace);
  });
}
