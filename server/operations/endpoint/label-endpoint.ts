import { isDeepStrictEqual } from "node:util";
import { tooLarge } from "../../../domain/refusal.ts";
import type { Store } from "../../store/store.ts";
import { readEndpoint } from "../endpoint-rows.ts";
import { findAnswer, idempotent } from "../idempotent.ts";
import { changeNamedEndpoint } from "../lock-endpoint.ts";
import type { EndpointRecord, Mutation } from "../records.ts";
import { refreshEndpointStatus } from "../refresh-status.ts";

export type LabelEndpointInput = Mutation & {
  readonly endpoint: string;
  readonly set: Readonly<Record<string, string>>;
  readonly clear: readonly string[];
};

/** Of one endpoint. */
const MAX_LABELS = 64;

/** Clears, then sets. Refuses TOO_LARGE when too many would be there. */
export async function labelEndpoint(store: Store, input: LabelEndpointInput): Promise<EndpointRecord> {
  const request = { deed: "label-endpoint", endpoint: input.endpoint, set: input.set, clear: input.clear };
  const earlier = await findAnswer<string>(store.database, input, request);
  if (earlier !== undefined) return readEndpoint(store.database, earlier.value);
  const id = await changeNamedEndpoint(store, input.endpoint, [], (sql, endpoint, changeOf) =>
    idempotent(sql, input, request, async () => {
      const cleared = new Set(input.clear);
      const kept = Object.entries(endpoint.labels).filter(([name]) => !cleared.has(name));
      const labels = Object.fromEntries([...kept, ...Object.entries(input.set)]);
      if (Object.keys(labels).length > MAX_LABELS) throw tooLarge("labels", MAX_LABELS);
      if (isDeepStrictEqual(labels, endpoint.labels)) return endpoint.id;
      await sql.query("update endpoint set labels = $2::jsonb where id = $1", [endpoint.id, JSON.stringify(labels)]);
      // Rules may be for a label.
      await refreshEndpointStatus(store, sql, endpoint.id);
      changeOf(endpoint.poolId).touch({ kind: "endpoint", id: endpoint.id });
      return endpoint.id;
    }),
  );
  return readEndpoint(store.database, id);
}
