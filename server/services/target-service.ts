// pacpool.v1.TargetService: decode, call, encode.
import { explainDrift } from "../../domain/drift/why.ts";
import { MAX_LISTED_NAMES, MAX_MESSAGE_LENGTH } from "../../domain/limits.ts";
import { TargetServiceService } from "../../proto/generated/pacpool/v1/target.ts";
import { encodeDriftItem } from "../../rpc/codec/drift.ts";
import { encodeTarget } from "../../rpc/codec/target.ts";
import { encodeTargetReach } from "../../rpc/codec/target-reach.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import type { NewTarget } from "../operations/records.ts";
import { mutation, optionalRevision, packageNames, page, reference, revision, text } from "./fields.ts";
import type { TargetCases } from "./use-cases.ts";

export function targetService(cases: TargetCases, edge: Edge): Implementation {
  return implement(
    TargetServiceService,
    {
      setLatest: async (request, { principal }) =>
        encodeNew(
          await cases.setLatest({
            ...mutation(request, principal),
            endpoint: reference("endpoint", request.endpoint),
            message: text("message", request.message, MAX_MESSAGE_LENGTH),
            pins: packageNames("pins", request.pins, MAX_LISTED_NAMES),
            pinAll: request.pinAll,
            expectedTargetRevision: optionalRevision("expected_target_revision", request.expectedTargetRevision),
            shared: packageNames("shared", request.shared, MAX_LISTED_NAMES),
            evenBad: request.evenBad,
          }),
        ),
      getTarget: async (request) => {
        const { poolId, target } = await cases.getTarget(
          reference("pool", request.pool),
          orNewest("revision", request.revision),
        );
        return { target: encodeTarget(target, poolId) };
      },
      listTargets: async (request) => {
        const { poolId, items, nextToken } = await cases.listTargets(
          reference("pool", request.pool),
          page(request, 50, 500),
        );
        return { targets: items.map((target) => encodeTarget(target, poolId)), nextPageToken: nextToken ?? "" };
      },
      diffTargets: async (request) => {
        const from = revision("from_revision", request.fromRevision);
        const items = await cases.diffTargets(
          reference("pool", request.pool),
          from,
          orNewest("to_revision", request.toRevision),
        );
        return { items: items.map((item) => encodeDriftItem(item, explainDrift(item))) };
      },
      verifyTarget: async (request) =>
        encodeTargetReach(
          await cases.verifyTarget(reference("pool", request.pool), orNewest("revision", request.revision)),
        ),
      restoreTarget: async (request, { principal }) =>
        encodeNew(
          await cases.restoreTarget({
            ...mutation(request, principal),
            pool: reference("pool", request.pool),
            revision: orNewest("revision", request.revision),
            markBad: request.markBad,
            message: text("message", request.message, MAX_MESSAGE_LENGTH),
            expectedTargetRevision: optionalRevision("expected_target_revision", request.expectedTargetRevision),
          }),
        ),
    },
    edge,
  );
}

/** 0 leaves the choice to the operation: the newest, or for a restore the newest good one before it. */
function orNewest(field: string, value: bigint): number | undefined {
  return value === 0n ? undefined : revision(field, value);
}

function encodeNew({ poolId, target, poolRevision }: NewTarget) {
  return { target: encodeTarget(target, poolId), poolRevision: BigInt(poolRevision) };
}
