// pacpool.v1.PolicyService: decode, call, encode.
import { MAX_LISTED_NAMES } from "../../domain/limits.ts";
import { invalidField } from "../../domain/refusal.ts";
import {
  type PackageConflict,
  PolicyServiceService,
  type RemoveRuleRequest,
  type PolicyRule as WireRule,
} from "../../proto/generated/pacpool/v1/policy.ts";
import { encodeConflictTake, encodePolicyKind, encodeRuleScope } from "../../rpc/codec/policy.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import type { RuleRecord } from "../operations/policy/rule-rows.ts";
import type { ConflictRecord } from "../operations/policy/settle-conflicts.ts";
import { line, mutation, optionalReference, packageNames, page, reference } from "./fields.ts";
import { conflictTake, optionalPolicyKind, optionalScope, pattern, policyKind, scope } from "./policy-fields.ts";
import type { PolicyCases } from "./use-cases.ts";

const MAX_MESSAGE = 500;

export function policyService(cases: PolicyCases, edge: Edge): Implementation {
  return implement(
    PolicyServiceService,
    {
      listRules: async (request) => {
        const question = {
          kind: optionalPolicyKind("kind", request.kind),
          scope: optionalScope("scope", request.scope),
        };
        const { items, nextToken } = await cases.listRules(question, page(request, 100, 1_000));
        return { rules: items.map(encodeRule), nextPageToken: nextToken ?? "" };
      },
      addRule: async (request, { principal }) => {
        const rule = await cases.addRule({
          ...mutation(request, principal),
          kind: policyKind("kind", request.kind),
          scope: scope("scope", request.scope),
          pattern: pattern("pattern", request.pattern),
          message: line("message", request.message, MAX_MESSAGE),
        });
        return { rule: encodeRule(rule) };
      },
      removeRule: async (request, { principal }) => {
        const rule = await cases.removeRule({ ...mutation(request, principal), rule: namedRule(request) });
        return { rule: encodeRule(rule) };
      },
      listConflicts: async (request) => {
        const { conflicts, truncated } = await cases.listConflicts({
          endpoint: optionalReference("endpoint", request.endpoint),
          pool: optionalReference("pool", request.pool),
          undecidedOnly: request.undecidedOnly,
        });
        return { conflicts: conflicts.map(encodeConflict), truncated };
      },
      resolveConflicts: async (request, { principal }) => {
        if ((request.packages.length === 0) !== request.allUndecided) {
          throw invalidField("packages", request.packages.join(" "), "names, or all_undecided and no names");
        }
        const conflicts = await cases.resolveConflicts({
          ...mutation(request, principal),
          endpoint: reference("endpoint", request.endpoint),
          packages: packageNames("packages", request.packages, MAX_LISTED_NAMES),
          take: conflictTake("take", request.take),
        });
        return { conflicts: conflicts.map(encodeConflict) };
      },
    },
    edge,
  );
}

function namedRule(request: RemoveRuleRequest) {
  if (request.id !== "") return { id: reference("id", request.id) };
  return {
    kind: policyKind("kind", request.kind),
    scope: scope("scope", request.scope),
    pattern: pattern("pattern", request.pattern),
  };
}

function encodeRule({ id, kind, scope: whose, pattern: text, author, message, createdAt }: RuleRecord): WireRule {
  return {
    id,
    kind: encodePolicyKind(kind),
    scope: encodeRuleScope(whose),
    pattern: text,
    author,
    message,
    createdAt,
  };
}

function encodeConflict(one: ConflictRecord): PackageConflict {
  const { endpointId, endpoint, name, base, ours, theirs, targetRevision, take, why, decision } = one;
  return {
    endpointId,
    endpoint,
    name,
    baseVersion: base?.version ?? "",
    installedVersion: ours.version,
    targetVersion: theirs.version,
    targetRevision: BigInt(targetRevision),
    take: encodeConflictTake(take),
    why,
    decidedBy: decision?.author ?? "",
    decidedAt: decision === undefined ? undefined : new Date(decision.atMs),
  };
}
