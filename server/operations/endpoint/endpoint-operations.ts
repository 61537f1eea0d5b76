// Endpoints for the edge, bound to a store. Plans are asked of agents: the edge has the streams and adds that case.
import type { PackageSet } from "../../../domain/package-set/package-set.ts";
import type { Store } from "../../store/store.ts";
import { readEndpoint, readEndpointsAfter } from "../endpoint-rows.ts";
import { pageOf, pageStart } from "../pages.ts";
import { findPool } from "../pool-rows.ts";
import type { EndpointRecord, Mutation, Page, PageOf } from "../records.ts";
import { type EndpointDrift, getDrift, getPackageSet } from "./get-drift.ts";
import { type LabelEndpointInput, labelEndpoint } from "./label-endpoint.ts";
import { type MoveEndpointInput, moveEndpoint } from "./move-endpoint.ts";
import { removeEndpoint } from "./remove-endpoint.ts";

export interface EndpointOperations {
  readonly getEndpoint: (endpoint: string) => Promise<EndpointRecord>;
  readonly listEndpoints: (pool: string | undefined, page: Page) => Promise<PageOf<EndpointRecord>>;
  readonly getDrift: (endpoint: string) => Promise<EndpointDrift>;
  readonly getPackageSet: (endpoint: string) => Promise<{ readonly digest: string; readonly set: PackageSet }>;
  readonly moveEndpoint: (input: MoveEndpointInput) => Promise<EndpointRecord>;
  readonly labelEndpoint: (input: LabelEndpointInput) => Promise<EndpointRecord>;
  readonly removeEndpoint: (input: Mutation & { readonly endpoint: string }) => Promise<void>;
}

/** `onRemoved` is told ids whose keys must stop working at once. */
export function makeEndpointOperations(store: Store, onRemoved: (endpointId: string) => void): EndpointOperations {
  return {
    getEndpoint: (endpoint) => readEndpoint(store.database, endpoint),
    listEndpoints: (pool, page) => listEndpoints(store, pool, page),
    getDrift: (endpoint) => getDrift(store, endpoint),
    getPackageSet: (endpoint) => getPackageSet(store, endpoint),
    moveEndpoint: (input) => moveEndpoint(store, input),
    labelEndpoint: (input) => labelEndpoint(store, input),
    async removeEndpoint(input) {
      const id = await removeEndpoint(store, input);
      if (id !== undefined) onRemoved(id);
    },
  };
}

async function listEndpoints(store: Store, pool: string | undefined, page: Page): Promise<PageOf<EndpointRecord>> {
  const after = pageStart(page);
  return store.database.snapshot(async (sql) => {
    const poolId = pool === undefined ? undefined : (await findPool(sql, pool)).id;
    return pageOf(page, await readEndpointsAfter(sql, poolId, after, page.size + 1), (endpoint) => endpoint.name);
  });
}
