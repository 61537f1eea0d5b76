// What waits for an agent -> messages of the contract.
import type { Command, TargetState } from "../../proto/generated/pacpool/v1/agent.ts";
import { encodePackageSet } from "../../rpc/codec/package-set.ts";
import { encodePlan } from "../../rpc/codec/plan.ts";
import { encodePolicy } from "../../rpc/codec/policy.ts";
import { encodeTarget } from "../../rpc/codec/target.ts";
import type { PendingCommand, PendingTarget } from "../operations/commands.ts";

export function encodePendingTarget({ target, packageSet, policy }: PendingTarget, poolId: string): TargetState {
  return {
    target: target === undefined ? undefined : encodeTarget({ ...target, otherViews: [] }, poolId),
    packageSet: packageSet === undefined ? [] : encodePackageSet(packageSet),
    policy: encodePolicy(policy.policy, policy.digest),
  };
}

export function encodeCommand(command: PendingCommand): Command {
  const { operationId } = command;
  return {
    commandSequence: BigInt(command.sequence),
    commandId: command.commandId,
    notAfter: command.notAfter,
    order:
      command.kind === "start"
        ? { $case: "start", value: { operationId, fence: BigInt(command.fence), plan: encodePlan(command.plan) } }
        : { $case: "cancel", value: { operationId } },
  };
}
