// What agents say is installed, and from which moment of the repositories. Digests meet first: a set or a view that the
// server knows from any endpoint is taken by its digest alone, and nothing is sent.
import { packageSetDigest } from "../../domain/package-set/canonical.ts";
import { applyDelta } from "../../domain/package-set/delta.ts";
import { type InstalledPackage, makePackageSet, type PackageSet } from "../../domain/package-set/package-set.ts";
import { checkView, type View, viewDigest } from "../../domain/view/view.ts";
import type { Store } from "../store/store.ts";
import { changeEndpoint, type EndpointChange } from "./change-endpoint.ts";
import { contentOf, packSet, type Query, sha256Of } from "./content.ts";
import { proveClass } from "./prove-class.ts";
import { refreshEndpointStatus } from "./refresh-status.ts";
import { type MachineFacts, type SessionRef, touchSession, writeFacts } from "./sessions.ts";
import { considerView } from "./target/watch-upstream.ts";

/** A whole report. An empty base digest means that upserts are the whole set. */
export interface Report {
  readonly baseDigest: string;
  readonly digest: string;
  readonly upserts: readonly InstalledPackage[];
  readonly removed: readonly string[];
  readonly facts: MachineFacts | undefined;
}

/** What the server lacks of a view. */
export type ViewNeed =
  | { readonly kind: "nothing" }
  | { readonly kind: "report" }
  | { readonly kind: "databases"; readonly sha256: readonly string[] };

export interface DigestNeeds {
  /** The server does not know the package set by that digest. */
  readonly wantsFullState: boolean;
  readonly view: ViewNeed;
}

/** False when the base is unknown or the result has another digest: then the full state is needed. Throws SUPERSEDED. */
export async function storeReport(store: Store, session: SessionRef, report: Report): Promise<boolean> {
  const set = await setOf(store, report);
  if (set === undefined || packageSetDigest(set, sha256Of) !== report.digest) return false;
  // Compressed before the lock: others of the pool must not wait for it.
  const body = packSet(set);
  await changeEndpoint(store, session, async (open) => {
    await open.sql.query(
      `insert into package_set (digest, packages, body) values ($1, $2, $3)
       on conflict (digest) do update set unused_since = null`,
      [report.digest, set.packages.length, body],
    );
    if (report.facts !== undefined) await writeFacts(open, report.facts);
    await takeSet(open, report.digest, set.packages.length);
    await refreshEndpointStatus(store, open.sql, session.endpointId);
    open.change.touch({ kind: "endpoint", id: session.endpointId });
  });
  return true;
}

async function setOf(store: Store, report: Report): Promise<PackageSet | undefined> {
  if (report.baseDigest === "") return makePackageSet(report.upserts);
  if ((await knownPackages(store.database, report.baseDigest)) === undefined) return undefined;
  const base = await contentOf(store).packageSet(store.database, report.baseDigest);
  return applyDelta(base, report);
}

/** How many packages the set has; undefined when the server does not know it. */
async function knownPackages(sql: Query, digest: string): Promise<number | undefined> {
  // Who is about to refer to it takes the mark from it: a collection that is under way leaves it then.
  const text = "update package_set set unused_since = null where digest = $1 returning packages";
  const [row] = await sql.query<{ packages: number }>(text, [digest]);
  return row?.packages;
}

async function takeSet({ sql, endpoint }: EndpointChange, digest: string, packages: number): Promise<void> {
  // What the machine could not do from another set it may be able to do from this one.
  await sql.query(
    `update endpoint set refused_because = case when package_set_digest is distinct from $2 then '' else refused_because end,
       package_set_digest = $2, packages = $3, reported_at = now(), last_seen = now() where id = $1`,
    [endpoint.id, digest, packages],
  );
}

/** Takes what is known by its digest and says what is not. Also a sign of life. Throws SUPERSEDED. */
export async function compareDigests(
  store: Store,
  session: SessionRef,
  digests: { readonly stateDigest: string; readonly viewDigest: string },
): Promise<DigestNeeds> {
  const seen = await touchSession(store, session);
  const { stateDigest } = digests;
  let wantsFullState = false;
  if (stateDigest !== "" && stateDigest !== seen.package_set_digest) {
    const packages = await knownPackages(store.database, stateDigest);
    wantsFullState = packages === undefined;
    if (packages !== undefined) {
      await changeEndpoint(store, session, async (open) => {
        await takeSet(open, stateDigest, packages);
        await refreshEndpointStatus(store, open.sql, session.endpointId);
        open.change.touch({ kind: "endpoint", id: session.endpointId });
      });
    }
  }
  return { wantsFullState, view: await compareView(store, session, digests.viewDigest, seen.view_digest) };
}

async function compareView(
  store: Store,
  session: SessionRef,
  digest: string,
  stored: string | null,
): Promise<ViewNeed> {
  if (digest === "") return { kind: "nothing" };
  if (digest !== stored) {
    const text = "update view set unused_since = null where digest = $1 returning 1";
    const known = await store.database.query(text, [digest]);
    if (known.length === 0) return { kind: "report" };
    return takeView(store, session, digest);
  }
  const need = await missingDatabases(store.database, digest);
  if (need.kind === "nothing") await proveClass(store, digest);
  return need;
}

/** Stores the endpoint's view; says which databases to upload. Throws SUPERSEDED, INVALID_FIELD, TOO_LARGE. */
export async function storeView(store: Store, session: SessionRef, view: View): Promise<ViewNeed> {
  checkView(view);
  const digest = viewDigest(view, sha256Of);
  return takeView(store, session, digest, view);
}

async function takeView(store: Store, session: SessionRef, digest: string, view?: View): Promise<ViewNeed> {
  await changeEndpoint(store, session, async ({ sql, change, endpoint }) => {
    if (view !== undefined) {
      await sql.query(
        `insert into view (digest, architecture, class, databases) values ($1, $2, '', $3::jsonb)
         on conflict (digest) do update set unused_since = null`,
        [digest, view.architecture, JSON.stringify(view.databases)],
      );
    }
    if (endpoint.view_digest === digest) return;
    await sql.query("update endpoint set view_digest = $2 where id = $1", [session.endpointId, digest]);
    await refreshEndpointStatus(store, sql, session.endpointId);
    change.touch({ kind: "endpoint", id: session.endpointId });
  });
  const need = await missingDatabases(store.database, digest);
  if (need.kind === "nothing") {
    await proveClass(store, digest);
    await compareAgain(store, session);
    await considerView(store, session.endpointId);
  }
  return need;
}

/**
 * Whoever uploads a file compares the endpoints that wait for it, but only those whose views are committed. One that came
 * after we had looked for it and before our commit would leave this endpoint uncompared for ever.
 */
async function compareAgain(store: Store, session: SessionRef): Promise<void> {
  await changeEndpoint(store, session, async ({ sql, change }) => {
    if (await refreshEndpointStatus(store, sql, session.endpointId)) {
      change.touch({ kind: "endpoint", id: session.endpointId });
    }
  });
}

async function missingDatabases(sql: Query, digest: string): Promise<ViewNeed> {
  const rows = await sql.query<{ sha256: string }>(
    `select distinct d.sha256 from view v cross join jsonb_to_recordset(v.databases) as d(sha256 text)
     left join artifact a on a.sha256 = d.sha256 where v.digest = $1 and a.sha256 is null`,
    [digest],
  );
  return rows.length === 0 ? { kind: "nothing" } : { kind: "databases", sha256: rows.map((row) => row.sha256) };
}
