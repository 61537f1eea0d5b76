// What an endpoint is compared with, read by digest: its own view, the target's, and the set of the target's source.
import type { DriftContext } from "../../domain/drift/compute-drift.ts";
import type { Target } from "../../domain/target/target.ts";
import type { Content, Query } from "./content.ts";

/** `target` is that of the endpoint's class. Undefined while a view's databases have not all been uploaded. */
export async function driftContext(
  content: Content,
  sql: Query,
  ownViewDigest: string,
  target: Target,
): Promise<DriftContext | undefined> {
  const ownView = await content.viewIndex(sql, ownViewDigest);
  const targetView = await content.viewIndex(sql, target.viewDigest);
  if (ownView === undefined || targetView === undefined) return undefined;
  const targetSet = await content.packageSet(sql, target.packageSetDigest);
  return { ownView, targetView, targetSet, target };
}
