// pacpool.v1.EndpointService: decode, call, encode.
import { explainDrift } from "../../domain/drift/why.ts";
import { type ComputePlanResponse, EndpointServiceService } from "../../proto/generated/pacpool/v1/endpoint.ts";
import { encodeDriftItem } from "../../rpc/codec/drift.ts";
import { encodePackageSet } from "../../rpc/codec/package-set.ts";
import { encodePlan } from "../../rpc/codec/plan.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import { encodeEndpoint } from "./encode.ts";
import { atMost, idempotencyKey, labelName, labels, optionalReference, page, reference } from "./fields.ts";
import type { EndpointCases, PlanOutcome } from "./use-cases.ts";

/** A simulation takes seconds; an agent that needs longer is stuck. */
const PLAN_TIMEOUT_MS = 120_000;
const MAX_CLEARED = 64;

export function endpointService(cases: EndpointCases, edge: Edge): Implementation {
  return implement(
    EndpointServiceService,
    {
      getEndpoint: async (request) => ({
        endpoint: encodeEndpoint(await cases.getEndpoint(reference("endpoint", request.endpoint))),
      }),
      listEndpoints: async (request) => {
        const { items, nextToken } = await cases.listEndpoints(
          optionalReference("pool", request.pool),
          page(request, 500, 1_000),
        );
        return { endpoints: items.map(encodeEndpoint), nextPageToken: nextToken ?? "" };
      },
      getDrift: async (request) => {
        const { endpoint, drift, targetRevision } = await cases.getDrift(reference("endpoint", request.endpoint));
        const items = drift.items.map((item) => encodeDriftItem(item, explainDrift(item)));
        return { endpoint: encodeEndpoint(endpoint), items, targetRevision: BigInt(targetRevision) };
      },
      getPackageSet: async (request) => {
        const { digest, set } = await cases.getPackageSet(reference("endpoint", request.endpoint));
        return { digest, packages: encodePackageSet(set) };
      },
      computePlan: async (request, { signal }) => {
        const endpoint = reference("endpoint", request.endpoint);
        const revertOperationId = optionalReference("revert_operation_id", request.revertOperationId);
        const within = AbortSignal.any([signal, AbortSignal.timeout(PLAN_TIMEOUT_MS)]);
        return encodeOutcome(
          await cases.computePlan({ endpoint, isRevert: request.revert, revertOperationId }, within),
        );
      },
      moveEndpoint: async (request, { principal }) => {
        const endpoint = await cases.moveEndpoint({
          caller: principal,
          idempotencyKey: idempotencyKey(request.idempotencyKey),
          endpoint: reference("endpoint", request.endpoint),
          pool: reference("pool", request.pool),
        });
        return { endpoint: encodeEndpoint(endpoint) };
      },
      labelEndpoint: async (request, { principal }) => {
        atMost("clear", request.clear.length, MAX_CLEARED, "labels");
        const endpoint = await cases.labelEndpoint({
          caller: principal,
          idempotencyKey: idempotencyKey(request.idempotencyKey),
          endpoint: reference("endpoint", request.endpoint),
          set: labels("set", request.set),
          clear: request.clear.map((name) => labelName("clear", name)),
        });
        return { endpoint: encodeEndpoint(endpoint) };
      },
      removeEndpoint: async (request, { principal }) => {
        const endpoint = reference("endpoint", request.endpoint);
        await cases.removeEndpoint({
          caller: principal,
          idempotencyKey: idempotencyKey(request.idempotencyKey),
          endpoint,
        });
        return {};
      },
    },
    edge,
  );
}

function encodeOutcome(outcome: PlanOutcome): ComputePlanResponse {
  if (outcome.kind === "plan") {
    return { outcome: { $case: "plan", value: encodePlan(outcome.plan) } };
  }
  const { reason, message, details } = outcome;
  return { outcome: { $case: "refusal", value: { reason, message, details: [...details] } } };
}
