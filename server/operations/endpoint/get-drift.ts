import { computeDrift } from "../../../domain/drift/compute-drift.ts";
import type { Drift } from "../../../domain/drift/drift.ts";
import { NO_DRIFT } from "../../../domain/drift/drift.ts";
import type { PackageSet } from "../../../domain/package-set/package-set.ts";
import { Refusal } from "../../../domain/refusal.ts";
import { targetForClass } from "../../../domain/target/target.ts";
import type { Sql } from "../../store/database.ts";
import type { Store } from "../../store/store.ts";
import { contentOf } from "../content.ts";
import { readEndpoint } from "../endpoint-rows.ts";
import type { EndpointRecord } from "../records.ts";
import { driftContext } from "../refresh-status.ts";
import { readNewestTarget } from "../target-rows.ts";

export interface EndpointDrift {
  readonly endpoint: EndpointRecord;
  readonly drift: Drift;
  /** 0 when the pool has no target. */
  readonly targetRevision: number;
}

/** Refuses NO_REPORT before the first whole report, CLASS_UNKNOWN when the target is of another class. */
export function getDrift(store: Store, reference: string): Promise<EndpointDrift> {
  return store.database.snapshot(async (sql) => {
    const endpoint = await readEndpoint(sql, reference);
    if (endpoint.digest === "") throw new Refusal("NO_REPORT", { endpoint: endpoint.name });
    const newest = await readNewestTarget(sql, endpoint.poolId);
    if (newest === undefined) return { endpoint, drift: { items: [], counts: NO_DRIFT }, targetRevision: 0 };
    const ofClass = endpoint.view?.class ?? "";
    if (ofClass === "") throw new Refusal("NO_REPORT", { endpoint: endpoint.name });
    const target = targetForClass(newest, ofClass);
    if (target === undefined) throw new Refusal("CLASS_UNKNOWN", { class: ofClass });
    const context =
      endpoint.viewDigest === "" ? undefined : await driftContext(contentOf(store), sql, endpoint.viewDigest, target);
    if (context === undefined) throw new Refusal("NO_REPORT", { endpoint: endpoint.name });
    const installed = await contentOf(store).packageSet(sql, endpoint.digest);
    const drift = computeDrift({ ...context, installed, held: await readHeld(sql, endpoint.id) });
    return { endpoint, drift, targetRevision: target.revision };
  });
}

/** Names whose version the endpoint freezes. */
export async function readHeld(sql: Pick<Sql, "query">, endpointId: string): Promise<ReadonlySet<string>> {
  const [row] = await sql.query<{ held: readonly string[] }>("select held from endpoint where id = $1", [endpointId]);
  return new Set(row?.held);
}

/** As last reported. Refuses NO_REPORT. */
export function getPackageSet(
  store: Store,
  reference: string,
): Promise<{ readonly digest: string; readonly set: PackageSet }> {
  return store.database.snapshot(async (sql) => {
    const { digest, name } = await readEndpoint(sql, reference);
    if (digest === "") throw new Refusal("NO_REPORT", { endpoint: name });
    return { digest, set: await contentOf(store).packageSet(sql, digest) };
  });
}
