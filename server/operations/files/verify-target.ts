// Says which endpoints of a pool can reach a target with the files that are kept, and what each lacks.
import { fileKey, type NeededFile } from "../../../domain/files/needed-files.ts";
import type { EndpointReach, LackingFile, LackWhy, TargetReach } from "../../../domain/files/target-reach.ts";
import { byName } from "../../../domain/package-set/package-set.ts";
import type { Store } from "../../store/store.ts";
import type { Query } from "../content.ts";
import { findPool } from "../pool-rows.ts";
import { getTarget } from "../target/read-targets.ts";
import { distinctFiles, type MemberNeeds, readNeeds } from "./read-needs.ts";

/** What people read of one endpoint, and of all of them in one message of 4 MiB; the rest is counted. */
const MAX_LACKING = 1_000;
const MAX_LINES = 20_000;

/** Whether sources of this target of the pool have yet to be tried. */
export type IsFetching = (poolId: string, revision: number) => boolean;

/** Throws Refusal POOL_NOT_FOUND, NO_TARGET or TARGET_NOT_FOUND. */
export async function verifyTarget(
  store: Store,
  isFetching: IsFetching,
  pool: string,
  revision: number | undefined,
): Promise<TargetReach> {
  const { poolId, target } = await getTarget(store, pool, revision);
  const { name, target_revision: newest } = await findPool(store.database, poolId);
  // Before anything is read: what ends meanwhile may have changed what was read already.
  const fetching = target.revision === newest && isFetching(poolId, newest);
  const groups = await readNeeds(store, store.database, poolId, target);
  const files = distinctFiles(groups);
  const known = await readKnown(
    store.database,
    poolId,
    target.revision,
    [...files.values()].map(({ file }) => file),
  );
  const kept = [...files.keys()].flatMap((key) => known.kept.get(key) ?? []);
  return {
    pool: name,
    revision: target.revision,
    fetching,
    endpoints: withinMessage(groups.flatMap((group) => reachOf(group, known)).toSorted(byEndpoint)),
    files: files.size,
    filesKept: kept.length,
    bytesKept: kept.reduce((sum, size) => sum + size, 0),
    filesMissing: files.size - kept.length,
  };
}

interface KnownFiles {
  /** Bytes by key. */
  readonly kept: ReadonlyMap<string, number>;
  readonly whys: ReadonlyMap<string, string>;
}

async function readKnown(
  sql: Query,
  poolId: string,
  revision: number,
  files: readonly NeededFile[],
): Promise<KnownFiles> {
  const asked = files.map((file) => ({ key: fileKey(file), ...file }));
  const rows = await sql.query<{ key: string; size: number | null; why: string | null }>(
    `select n.key, w.why, coalesce(a.size, (select b.size from package_file f join artifact b on b.sha256 = f.sha256
         where n.sha256 = '' and f.name = n.name and f.version = n.version
           and (n.architecture = '' or f.architecture = n.architecture)
           and (n."buildDate" = 0 or f.build_date = n."buildDate") limit 1)) as size
     from jsonb_to_recordset($3::jsonb) as n(key text, sha256 text, name text, version text, architecture text,
       "buildDate" bigint)
     left join target_file w on w.pool_id = $1 and w.revision = $2 and w.file_key = n.key
     left join artifact a on a.sha256 = case when n.sha256 = '' then w.sha256 else n.sha256 end`,
    [poolId, revision, JSON.stringify(asked)],
  );
  return {
    kept: new Map(rows.flatMap(({ key, size }) => (size === null ? [] : [[key, size]]))),
    whys: new Map(rows.map(({ key, why }) => [key, why ?? ""])),
  };
}

function reachOf(group: MemberNeeds, known: KnownFiles): readonly EndpointReach[] {
  const lacking = [
    ...group.needs.files.flatMap((file) => lackingFile(file, known)),
    ...group.needs.unavailable.map((name) => ({ name, version: "", filename: "", why: "class" as const })),
  ].sort(byName);
  return group.members.map(({ id, name }) => ({
    endpointId: id,
    endpoint: name,
    reachable: lacking.length === 0 && group.unknownBecause === "",
    lacking,
    lackingCount: lacking.length,
    unknownBecause: group.unknownBecause,
  }));
}

function withinMessage(endpoints: readonly EndpointReach[]): readonly EndpointReach[] {
  const lackers = endpoints.filter(({ lackingCount }) => lackingCount > 0).length;
  const limit = Math.min(MAX_LACKING, Math.max(1, Math.floor(MAX_LINES / Math.max(1, lackers))));
  return endpoints.map((one) => ({ ...one, lacking: one.lacking.slice(0, limit) }));
}

/** What the endpoint has already it does not lack, even if nobody else could get it. */
function lackingFile(file: NeededFile, { kept, whys }: KnownFiles): readonly LackingFile[] {
  const key = fileKey(file);
  if (file.isInstalled || kept.has(key)) return [];
  const { name, version, filename } = file;
  return [{ name, version, filename, why: whyOf(file, whys.get(key) ?? "") }];
}

function whyOf(file: NeededFile, recorded: string): LackWhy {
  if (recorded === "unsigned" || recorded === "no-space") return recorded;
  return file.sha256 === "" ? "sha256-unknown" : "nowhere";
}

function byEndpoint(a: EndpointReach, b: EndpointReach): number {
  if (a.endpoint === b.endpoint) return 0;
  return a.endpoint < b.endpoint ? -1 : 1;
}
