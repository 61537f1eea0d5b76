// What a watch reads -> what it says.
import type { WatchItem } from "../../proto/generated/pacpool/v1/watch.ts";
import { encodeEndpoint, encodeOperation, encodePool } from "../services/encode.ts";
import type { EndpointRecord, OperationRecord, PoolRecord } from "../services/use-cases.ts";

export type ItemRecord =
  | { readonly kind: "pool"; readonly pool: PoolRecord }
  | { readonly kind: "endpoint"; readonly endpoint: EndpointRecord }
  | { readonly kind: "operation"; readonly operation: OperationRecord }
  | { readonly kind: "removed-endpoint"; readonly id: string }
  | { readonly kind: "removed-pool"; readonly id: string };

export function encodeItem(record: ItemRecord): WatchItem {
  switch (record.kind) {
    case "pool":
      return { item: { $case: "pool", value: encodePool(record.pool) } };
    case "endpoint":
      return { item: { $case: "endpoint", value: encodeEndpoint(record.endpoint) } };
    case "operation":
      return { item: { $case: "operation", value: encodeOperation(record.operation) } };
    case "removed-endpoint":
      return { item: { $case: "removedEndpointId", value: record.id } };
    case "removed-pool":
      return { item: { $case: "removedPoolId", value: record.id } };
  }
}
