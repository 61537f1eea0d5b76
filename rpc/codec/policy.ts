// Policies, rules and conflicts on the wire <-> domain's words.
import { NO_CONSENT, NO_POLICY, type Policy, type PolicyKind } from "../../domain/policy/policy.ts";
import type { ConflictMode, ConflictTake } from "../../domain/policy/resolve-conflicts.ts";
import {
  type EndpointPolicy,
  type PackageConflict as WireConflict,
  PolicyKind as WireKind,
  ConflictMode as WireMode,
  type PolicyRule as WireRule,
  type PolicyScope as WireScope,
  ConflictTake as WireTake,
} from "../../proto/generated/pacpool/v1/policy.ts";

const KINDS = {
  hold: WireKind.HOLD,
  share: WireKind.SHARE,
  own: WireKind.OWN,
  foreign: WireKind.FOREIGN,
} as const satisfies Record<PolicyKind, WireKind>;

const MODES = {
  manual: WireMode.MANUAL,
  "use-target": WireMode.USE_TARGET,
  "keep-current": WireMode.KEEP_CURRENT,
  newest: WireMode.NEWEST,
  oldest: WireMode.OLDEST,
} as const satisfies Record<ConflictMode, WireMode>;

export function encodePolicyKind(kind: PolicyKind): WireKind {
  return KINDS[kind];
}

/** Undefined for UNSPECIFIED and numbers that only a newer peer knows. */
export function decodePolicyKind(wire: WireKind): PolicyKind | undefined {
  return keyOf(KINDS, wire);
}

export function encodeConflictMode(mode: ConflictMode): WireMode {
  return MODES[mode];
}

export function decodeConflictMode(wire: WireMode): ConflictMode | undefined {
  return keyOf(MODES, wire);
}

export function encodeConflictTake(take: ConflictTake | undefined): WireTake {
  if (take === undefined) return WireTake.UNSPECIFIED;
  return take === "target" ? WireTake.TARGET : WireTake.CURRENT;
}

export function decodeConflictTake(wire: WireTake): ConflictTake | undefined {
  if (wire === WireTake.TARGET) return "target";
  return wire === WireTake.CURRENT ? "current" : undefined;
}

function keyOf<Key extends string, Value>(table: Readonly<Record<Key, Value>>, value: Value): Key | undefined {
  const keys = Object.keys(table) as Key[];
  return keys.find((key) => table[key] === value);
}

export function encodePolicy(policy: Policy, digest: string): EndpointPolicy {
  const { holds, shares, owns, foreigns, keep, allowDowngrade, consent } = policy;
  return {
    digest,
    holds: [...holds],
    shares: [...shares],
    owns: [...owns],
    foreigns: [...foreigns],
    keep: keep.map(({ name, why, undecided }) => ({ name, why, undecided })),
    refuseDowngrades: !allowDowngrade,
    apply: consent.apply,
    reboot: consent.reboot,
    windows: [...consent.windows],
    missedWindow: consent.missedWindow,
  };
}

/** Of an older server: none. */
export function decodePolicy(wire: EndpointPolicy | undefined): Policy {
  if (wire === undefined) return { ...NO_POLICY, consent: NO_CONSENT };
  const { holds, shares, owns, foreigns, keep, apply, reboot, windows, missedWindow } = wire;
  return {
    holds,
    shares,
    owns,
    foreigns,
    keep: keep.map(({ name, why, undecided }) => ({ name, why, undecided })),
    allowDowngrade: !wire.refuseDowngrades,
    consent: { apply, reboot, windows, missedWindow },
  };
}

/** For whom a rule is; names as people gave them. */
export type RuleScope =
  | { readonly kind: "pool"; readonly pool: string }
  | { readonly kind: "label"; readonly label: string }
  | { readonly kind: "endpoint"; readonly endpoint: string };

export function encodeRuleScope(scope: RuleScope): WireScope {
  switch (scope.kind) {
    case "pool":
      return { scope: { $case: "pool", value: scope.pool } };
    case "label":
      return { scope: { $case: "label", value: scope.label } };
    case "endpoint":
      return { scope: { $case: "endpoint", value: scope.endpoint } };
  }
}

/** Undefined when nothing is said. */
export function decodeRuleScope(wire: WireScope | undefined): RuleScope | undefined {
  switch (wire?.scope?.$case) {
    case "pool":
      return { kind: "pool", pool: wire.scope.value };
    case "label":
      return { kind: "label", label: wire.scope.value };
    case "endpoint":
      return { kind: "endpoint", endpoint: wire.scope.value };
    case undefined:
      return undefined;
  }
}

/** One rule as clients see it. */
export interface RuleView {
  readonly id: string;
  readonly kind: PolicyKind | undefined;
  readonly scope: RuleScope | undefined;
  readonly pattern: string;
  readonly author: string;
  readonly message: string;
  readonly createdAtMs: number;
}

export function decodeRule(wire: WireRule): RuleView {
  return {
    id: wire.id,
    kind: decodePolicyKind(wire.kind),
    scope: decodeRuleScope(wire.scope),
    pattern: wire.pattern,
    author: wire.author,
    message: wire.message,
    createdAtMs: wire.createdAt?.getTime() ?? 0,
  };
}

/** One conflict as clients see it. */
export interface ConflictView {
  readonly endpointId: string;
  readonly endpoint: string;
  readonly name: string;
  /** Empty when not known. */
  readonly base: string;
  readonly installed: string;
  readonly target: string;
  readonly targetRevision: bigint;
  /** Undefined waits for a person. */
  readonly take: ConflictTake | undefined;
  readonly why: string;
  /** Empty unless a person decided. */
  readonly decidedBy: string;
  readonly decidedAtMs: number | undefined;
}

export function decodeConflict(wire: WireConflict): ConflictView {
  return {
    endpointId: wire.endpointId,
    endpoint: wire.endpoint,
    name: wire.name,
    base: wire.baseVersion,
    installed: wire.installedVersion,
    target: wire.targetVersion,
    targetRevision: wire.targetRevision,
    take: decodeConflictTake(wire.take),
    why: wire.why,
    decidedBy: wire.decidedBy,
    decidedAtMs: wire.decidedAt?.getTime(),
  };
}
