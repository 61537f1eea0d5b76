import {
  buildsOf,
  originOf,
  type PackageBuild,
  type PackageOrigin,
  type PackageStanding,
  type PackageWant,
  standingOf,
  wantOf,
} from "../../../domain/analysis/one-package.ts";
import type { DriftContext } from "../../../domain/drift/compute-drift.ts";
import type { InstalledPackage } from "../../../domain/package-set/package-set.ts";
import type { Database } from "../../store/database.ts";
import type { Content, Query } from "../content.ts";
import { pageOf, pageStart } from "../pages.ts";
import { findPool } from "../pool-rows.ts";
import type { Page } from "../records.ts";
import { readNewestTargets } from "../target-rows.ts";
import type { InstalledLines } from "./installed-lines.ts";
import { makePackageContexts, type PackageContexts, type PackageMember, readMembers } from "./package-context.ts";

export interface PackageRecord {
  readonly name: string;
  /** The highest version first; empty on later pages, as are the wants. */
  readonly builds: readonly (PackageBuild & PackageOrigin & { readonly keptBytes: number })[];
  readonly wants: readonly PoolWant[];
  readonly endpoints: readonly PackageEndpoint[];
  readonly total: number;
  readonly without: number;
  readonly unreported: number;
  readonly nextToken: string | undefined;
}

/** Of endpoints of one class in one pool. */
export interface PoolWant extends PackageWant {
  readonly poolId: string;
  readonly pool: string;
  readonly targetRevision: number;
  readonly class: string;
  readonly endpoints: number;
}

export interface PackageEndpoint extends PackageStanding {
  readonly id: string;
  readonly name: string;
  readonly poolId: string;
  readonly pool: string;
  readonly isOnline: boolean;
  readonly isReported: boolean;
  readonly installed: InstalledPackage | undefined;
  /** Undefined when nothing is wanted. */
  readonly wanted: string | undefined;
}

export interface PackageSources {
  readonly database: Database;
  readonly content: Content;
  readonly lines: InstalledLines;
}

/** Who has which version of a package in a pool, or everywhere. Throws POOL_NOT_FOUND. */
export async function getPackage(
  { database, content, lines }: PackageSources,
  name: string,
  pool: string | undefined,
  page: Page,
): Promise<PackageRecord> {
  const after = pageStart(page);
  const { members, targets } = await database.snapshot(async (sql) => {
    const poolId = pool === undefined ? undefined : (await findPool(sql, pool)).id;
    const found = await readMembers(sql, poolId);
    const poolIds = [...new Set(found.map((one) => one.pool_id))];
    return { members: found, targets: await readNewestTargets(sql, poolIds) };
  });
  // From here on by digest: what has one never changes, so no snapshot is held open meanwhile.
  const reported = members.flatMap((one) => one.package_set_digest ?? []);
  const found = await lines.find(database, reported, name);
  const installedOn = ({ package_set_digest: digest }: PackageMember) => found.get(digest ?? "");
  const contexts = makePackageContexts(content, database, targets);
  const shown = members.filter((one) => after === undefined || one.name > after).slice(0, page.size + 1);
  const { items, nextToken } = pageOf(page, shown, (one) => one.name);
  const wants = new Map<DriftContext, PackageWant>();
  const wanted = (context: DriftContext): PackageWant => {
    const want = wants.get(context) ?? wantOf(context, name);
    wants.set(context, want);
    return want;
  };
  const endpoints: PackageEndpoint[] = [];
  for (const member of items) endpoints.push(await describe({ contexts, wanted, name }, member, installedOn(member)));
  const isFirst = after === undefined;
  const installed = members.map(installedOn);
  return {
    name,
    builds: isFirst ? await describeBuilds(database, contexts, members, installed, name) : [],
    wants: isFirst ? await describeWants({ contexts, wanted, name }, members, targets) : [],
    endpoints,
    total: members.length,
    without: members.filter((one, at) => one.package_set_digest !== null && installed[at] === undefined).length,
    unreported: members.length - reported.length,
    nextToken,
  };
}

interface Comparison {
  readonly contexts: PackageContexts;
  /** Computed once for endpoints that are compared with the same. */
  readonly wanted: (context: DriftContext) => PackageWant;
  readonly name: string;
}

async function describe(
  { contexts, wanted, name }: Comparison,
  member: PackageMember,
  installed: InstalledPackage | undefined,
): Promise<PackageEndpoint> {
  const { id, pool_id: poolId, pool, online: isOnline } = member;
  const isReported = member.package_set_digest !== null;
  const base = { id, name: member.name, poolId, pool, isOnline, isReported, installed };
  const context = await contexts.of(member);
  if (typeof context === "string") return { ...base, wanted: undefined, drift: undefined, why: context };
  const want = wanted(context);
  const kept = member.policy?.keep.find((one) => one.name === name)?.why;
  const standing = standingOf(context, want, name, { installed, isHeld: member.held.includes(name), kept });
  return { ...base, ...standing, wanted: want.version };
}

/** By pool and class, ascending; of endpoints with rules of their own as of the first one that is met. */
async function describeWants(
  { contexts, wanted }: Comparison,
  members: readonly PackageMember[],
  targets: ReadonlyMap<string, { readonly revision: number }>,
): Promise<readonly PoolWant[]> {
  const wants = new Map<string, PoolWant>();
  for (const member of members) {
    const { pool_id: poolId, pool } = member;
    const ofClass = member.class ?? "";
    const key = `${pool} ${ofClass}`;
    const known = wants.get(key);
    if (known !== undefined) {
      wants.set(key, { ...known, endpoints: known.endpoints + 1 });
      continue;
    }
    const context = await contexts.of(member);
    if (typeof context === "string") continue;
    const targetRevision = targets.get(poolId)?.revision ?? 0;
    wants.set(key, { ...wanted(context), poolId, pool, targetRevision, class: ofClass, endpoints: 1 });
  }
  return [...wants].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, want]) => want);
}

async function describeBuilds(
  sql: Query,
  contexts: PackageContexts,
  members: readonly PackageMember[],
  installed: readonly (InstalledPackage | undefined)[],
  name: string,
): Promise<PackageRecord["builds"]> {
  const builds = buildsOf(installed);
  const origins = new Map<string, PackageOrigin>();
  const seen = new Set<DriftContext>();
  for (const [at, member] of members.entries()) {
    const version = installed[at]?.version;
    if (version === undefined || origins.has(version)) continue;
    const context = await contexts.of(member);
    if (typeof context === "string" || seen.has(context)) continue;
    seen.add(context);
    for (const build of builds) {
      const origin =
        originOf(context.targetView, name, build.version) ?? originOf(context.ownView, name, build.version);
      if (origin !== undefined && !origins.has(build.version)) origins.set(build.version, origin);
    }
  }
  const kept = await readKept(sql, name);
  return builds.map((build) => {
    const { repository = "", signer = "" } = origins.get(build.version) ?? {};
    return { ...build, repository, signer, keptBytes: kept.get(keyOf(build)) ?? 0 };
  });
}

/** Versions of one package that are kept; nobody has more. */
const MAX_KEPT = 500;

async function readKept(sql: Query, name: string): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.query<{ version: string; architecture: string; buildDate: number; size: number }>(
    `select f.version, f.architecture, f.build_date as "buildDate", a.size from package_file f join artifact a using (sha256)
     where f.name = $1 order by f.build_date desc limit $2`,
    [name, MAX_KEPT],
  );
  return new Map(rows.map((row) => [keyOf(row), row.size]));
}

function keyOf(one: { readonly version: string; readonly architecture: string; readonly buildDate: number }): string {
  return `${one.version} ${one.architecture} ${one.buildDate}`;
}
