import type { Store } from "../../store/store.ts";
import { findAnswer, idempotent } from "../idempotent.ts";
import { changeNamedEndpoint } from "../lock-endpoint.ts";
import type { Mutation } from "../records.ts";

/** Forgets an endpoint with its plans and operations; targets taken from it keep its name. Gives its id once it is gone. */
export async function removeEndpoint(
  store: Store,
  input: Mutation & { readonly endpoint: string },
): Promise<string | undefined> {
  const request = { deed: "remove-endpoint", endpoint: input.endpoint };
  if ((await findAnswer(store.database, input, request)) !== undefined) return undefined;
  return changeNamedEndpoint(store, input.endpoint, [], async (sql, endpoint, changeOf) => {
    await idempotent(sql, input, request, async () => {
      await sql.query("update target set source_endpoint_id = '' where source_endpoint_id = $1", [endpoint.id]);
      // Operations first: they name plans.
      await sql.query("delete from operation where endpoint_id = $1", [endpoint.id]);
      await sql.query("delete from endpoint where id = $1", [endpoint.id]);
      const change = changeOf(endpoint.poolId);
      change.touch({ kind: "removed-endpoint", id: endpoint.id });
      change.touch({ kind: "pool", id: endpoint.poolId });
      return null;
    });
    return endpoint.id;
  });
}
