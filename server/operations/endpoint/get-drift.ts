import type { Drift } from "../../../domain/drift/drift.ts";
import { NO_DRIFT } from "../../../domain/drift/drift.ts";
import type { PackageSet } from "../../../domain/package-set/package-set.ts";
import { Refusal } from "../../../domain/refusal.ts";
import type { Store } from "../../store/store.ts";
import { contentOf } from "../content.ts";
import { readEndpoint } from "../endpoint-rows.ts";
import { explainEndpoint } from "../policy/explain-endpoint.ts";
import type { EndpointRecord } from "../records.ts";

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
    const explained = await explainEndpoint(store, sql, endpoint);
    if (explained === undefined) return { endpoint, drift: { items: [], counts: NO_DRIFT }, targetRevision: 0 };
    return { endpoint, drift: explained.drift, targetRevision: explained.targetRevision };
  });
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
