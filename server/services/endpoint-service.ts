// pacpool.v1.EndpointService: decode, call, encode.
import { explainDrift } from "../../domain/drift/why.ts";
import { type ComputePlanResponse, EndpointServiceService } from "../../proto/generated/pacpool/v1/endpoint.ts";
import { encodeDriftItem } from "../../rpc/codec/drift.ts";
import { encodePackageSet } from "../../rpc/codec/package-set.ts";
import { encodePlan } from "../../rpc/codec/plan.ts";
import { type Edge, type Handlers, type Implementation, implement } from "../../rpc/handlers.ts";
import { encodeEndpoint } from "./encode.ts";
import { atMost, labelName, labels, mutation, optionalReference, page, reference } from "./fields.ts";
import type { EndpointCases, PlanOutcome } from "./use-cases.ts";

/** A simulation takes seconds; an agent that needs longer is stuck. */
const PLAN_TIMEOUT_MS = 120_000;
const MAX_CLEARED = 64;

type EndpointHandlers = Handlers<typeof EndpointServiceService>;

export function endpointService(cases: EndpointCases, edge: Edge): Implementation {
  return implement(EndpointServiceService, { ...reads(cases), ...changes(cases) }, edge);
}

function reads(
  cases: EndpointCases,
): Pick<EndpointHandlers, "getEndpoint" | "listEndpoints" | "getDrift" | "getPackageSet" | "computePlan"> {
  return {
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
        await cases.computePlan(
          { endpoint, isRevert: request.revert, isRepair: request.repair, revertOperationId },
          within,
        ),
      );
    },
  };
}

function changes(cases: EndpointCases): Pick<EndpointHandlers, "moveEndpoint" | "labelEndpoint" | "removeEndpoint"> {
  return {
    moveEndpoint: async (request, { principal }) => {
      const [endpoint, pool] = [reference("endpoint", request.endpoint), reference("pool", request.pool)];
      return {
        endpoint: encodeEndpoint(await cases.moveEndpoint({ ...mutation(request, principal), endpoint, pool })),
      };
    },
    labelEndpoint: async (request, { principal }) => {
      atMost("clear", request.clear.length, MAX_CLEARED, "labels");
      const endpoint = await cases.labelEndpoint({
        ...mutation(request, principal),
        endpoint: reference("endpoint", request.endpoint),
        set: labels("set", request.set),
        clear: request.clear.map((name) => labelName("clear", name)),
      });
      return { endpoint: encodeEndpoint(endpoint) };
    },
    removeEndpoint: async (request, { principal }) => {
      await cases.removeEndpoint({
        ...mutation(request, principal),
        endpoint: reference("endpoint", request.endpoint),
      });
      return {};
    },
  };
}

function encodeOutcome(outcome: PlanOutcome): ComputePlanResponse {
  if (outcome.kind === "plan") {
    return { outcome: { $case: "plan", value: encodePlan(outcome.plan) } };
  }
  const { reason, message, details } = outcome;
  return { outcome: { $case: "refusal", value: { reason, message, details: [...details] } } };
}
