// Plans, wire <-> domain. The receiver recomputes the digest with planDigest; here only the shape is checked.
import type { Plan, PlanAction, PlanStep } from "../../domain/plan/plan.ts";
import { Refusal } from "../../domain/refusal.ts";
import {
  PlanAction as WireAction,
  type Plan as WirePlan,
  type PlanStep as WireStep,
} from "../../proto/generated/pacpool/v1/plan.ts";
import { decodeReason, encodeReason } from "./package-set.ts";

const ACTION = {
  install: WireAction.INSTALL,
  upgrade: WireAction.UPGRADE,
  downgrade: WireAction.DOWNGRADE,
  reinstall: WireAction.REINSTALL,
  remove: WireAction.REMOVE,
} as const satisfies Record<PlanAction, WireAction>;

const ACTION_BACK = new Map<WireAction, PlanAction>(
  (Object.entries(ACTION) as [PlanAction, WireAction][]).map(([ours, wire]) => [wire, ours]),
);

export function encodePlan(plan: Plan): WirePlan {
  return {
    digest: plan.digest,
    endpointId: plan.endpointId,
    baseDigest: plan.baseDigest,
    afterDigest: plan.afterDigest,
    targetRevision: BigInt(plan.targetRevision),
    revert: plan.isRevert,
    steps: plan.steps.map(encodeStep),
    reasons: plan.reasons.map(({ name, reason }) => ({ name, reason: encodeReason(reason) })),
    warnings: [...plan.warnings],
    leftAlone: plan.leftAlone.map(({ name, why }) => ({ name, why })),
    downloadBytes: BigInt(plan.downloadBytes),
    installedDeltaBytes: BigInt(plan.installedDeltaBytes),
  };
}

/** Throws Refusal INVALID_FIELD for an action or reason that is none. */
export function decodePlan(wire: WirePlan): Plan {
  return {
    digest: wire.digest,
    endpointId: wire.endpointId,
    baseDigest: wire.baseDigest,
    afterDigest: wire.afterDigest,
    targetRevision: Number(wire.targetRevision),
    isRevert: wire.revert,
    steps: wire.steps.map(decodeStep),
    reasons: wire.reasons.map(({ name, reason }) => ({ name, reason: decodeReason(reason, name) })),
    warnings: wire.warnings,
    leftAlone: wire.leftAlone.map(({ name, why }) => ({ name, why })),
    downloadBytes: Number(wire.downloadBytes),
    installedDeltaBytes: Number(wire.installedDeltaBytes),
  };
}

function encodeStep(step: PlanStep): WireStep {
  return {
    ...step,
    action: ACTION[step.action],
    buildDate: BigInt(step.buildDate),
    downloadBytes: BigInt(step.downloadBytes),
  };
}

function decodeStep(wire: WireStep): PlanStep {
  const action = ACTION_BACK.get(wire.action);
  if (action === undefined) {
    throw new Refusal("INVALID_FIELD", {
      field: `action of ${wire.name}`,
      value: String(wire.action),
      expected: "an action of a plan",
    });
  }
  return {
    action,
    name: wire.name,
    fromVersion: wire.fromVersion,
    toVersion: wire.toVersion,
    repository: wire.repository,
    architecture: wire.architecture,
    buildDate: Number(wire.buildDate),
    downloadBytes: Number(wire.downloadBytes),
    why: wire.why,
  };
}
