import { computeDrift } from "../../../domain/drift/compute-drift.ts";
import type { DriftItem } from "../../../domain/drift/drift.ts";
import {
  findInstalled,
  type InstalledPackage,
  makePackageSet,
  type PackageSet,
} from "../../../domain/package-set/package-set.ts";
import { Refusal } from "../../../domain/refusal.ts";
import type { Target } from "../../../domain/target/target.ts";
import type { ViewIndex } from "../../../domain/view/view-index.ts";
import type { Sql } from "../../store/database.ts";
import type { Store } from "../../store/store.ts";
import { contentOf } from "../content.ts";
import { findPool } from "../pool-rows.ts";
import { requireTarget } from "./read-targets.ts";

/** What changes on an endpoint like the source that goes from one target to another. Refuses TARGET_NOT_FOUND. */
export function diffTargets(
  store: Store,
  pool: string,
  from: number,
  to: number | undefined,
): Promise<readonly DriftItem[]> {
  return store.database.snapshot(async (sql) => {
    const row = await findPool(sql, pool);
    const before = await requireTarget(sql, row, from);
    const after = await requireTarget(sql, row, to);
    if (before.revision === after.revision) return [];
    const content = contentOf(store);
    const beforeSet = await content.packageSet(sql, before.packageSetDigest);
    const beforeView = await requireIndex(store, sql, before);
    const drift = computeDrift({
      installed: asTargeted(before, beforeSet, beforeView),
      ownView: beforeView,
      targetView: await requireIndex(store, sql, after),
      targetSet: await content.packageSet(sql, after.packageSetDigest),
      target: after,
      held: new Set(),
    });
    return drift.items.filter((item) => item.kind !== "foreign");
  });
}

async function requireIndex(store: Store, sql: Sql, target: Target): Promise<ViewIndex> {
  const index = await contentOf(store).viewIndex(sql, target.viewDigest);
  if (index !== undefined) return index;
  throw new Refusal("ARTIFACT_NOT_FOUND", { sha256: target.view.databases[0]?.sha256 ?? "" });
}

/** The source as its own target wants it: held versions are its own affair, and foreign packages nobody else's. */
function asTargeted(target: Target, set: PackageSet, view: ViewIndex): PackageSet {
  const wanted: InstalledPackage[] = [];
  for (const one of set.packages) {
    const available = view.packages.get(one.name);
    const pin = target.pins.get(one.name);
    if (target.mode === "mirror") {
      if (available !== undefined || pin !== undefined) wanted.push(one);
    } else if (pin !== undefined && pin !== available?.version) wanted.push({ ...one, version: pin });
    else if (available !== undefined) {
      wanted.push({ ...one, version: available.version, buildDate: available.buildDate });
    }
  }
  if (target.mode === "versions") {
    for (const name of new Set(target.shared)) {
      const available = view.packages.get(name);
      if (available === undefined || findInstalled(set, name) !== undefined) continue;
      const { version, architecture, buildDate } = available;
      wanted.push({ name, version, architecture, buildDate, reason: "explicit" });
    }
  }
  return makePackageSet(wanted);
}
