// What the members of a pool need to be what a target says: computed once for all that have the same set, view and holds.
import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { DriftContext } from "../../../domain/drift/compute-drift.ts";
import { computeNeededFiles, fileKey, type NeededFile, type NeededFiles } from "../../../domain/files/needed-files.ts";
import type { PackageSet } from "../../../domain/package-set/package-set.ts";
import type { Policy } from "../../../domain/policy/policy.ts";
import { namePolicy, ownWithNeeds } from "../../../domain/policy/resolve-policy.ts";
import { type Target, targetForClass } from "../../../domain/target/target.ts";
import type { Store } from "../../store/store.ts";
import { type Content, contentOf, type Query } from "../content.ts";
import { driftContext } from "../drift-context.ts";
import { storedPolicy } from "../policy/endpoint-policies.ts";

export interface Member {
  readonly id: string;
  readonly name: string;
}

/** Members that need the same files. */
export interface MemberNeeds {
  readonly members: readonly Member[];
  readonly class: string;
  /** Why nothing can be said of them; empty otherwise. */
  readonly unknownBecause: string;
  readonly needs: NeededFiles;
}

interface GroupRow {
  readonly members: readonly Member[];
  readonly package_set_digest: string | null;
  readonly view_digest: string | null;
  readonly class: string | null;
  readonly held: readonly string[];
  readonly policy: Policy;
  readonly policy_digest: string;
}

/** Members by what their needs follow from; a pool of thousands has few groups. */
const GROUPS = `select jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name) order by e.name) as members,
  e.package_set_digest, e.view_digest, v.class, e.held, e.policy_digest, (array_agg(e.policy))[1] as policy
  from endpoint e left join view v on v.digest = e.view_digest
  where e.pool_id = $1 group by e.package_set_digest, e.view_digest, v.class, e.held, e.policy_digest`;

export async function readNeeds(
  store: Store,
  sql: Query,
  poolId: string,
  target: Target,
): Promise<readonly MemberNeeds[]> {
  const content = contentOf(store);
  const groups: MemberNeeds[] = [];
  for (const row of await sql.query<GroupRow>(GROUPS, [poolId])) {
    groups.push(await needsOf(content, sql, row, target));
    // Each takes some milliseconds: streams must go on meanwhile.
    await yieldToOthers();
  }
  return groups;
}

const NOTHING: NeededFiles = { files: [], unavailable: [] };

async function needsOf(content: Content, sql: Query, row: GroupRow, target: Target): Promise<MemberNeeds> {
  const ofClass = row.class ?? "";
  const unknown = (unknownBecause: string): MemberNeeds => ({
    members: row.members,
    class: ofClass,
    unknownBecause,
    needs: NOTHING,
  });
  if (row.package_set_digest === null || row.view_digest === null) return unknown("it has not reported yet");
  if (ofClass === "") return unknown("its sync databases have not arrived yet, or cannot be read");
  const own = targetForClass(target, ofClass);
  if (own === undefined) return unknown(`the target has no view for its class ${ofClass}`);
  const context = await driftContext(content, sql, row.view_digest, own);
  if (context === undefined) return unknown("the databases of its view or of the target's are not here");
  const installed = await content.packageSet(sql, row.package_set_digest);
  const ruled = withPolicy(context, storedPolicy(row.policy, row.policy_digest).policy, installed);
  // What a conflict keeps for now may be decided the other way tomorrow: its files are wanted as well.
  const needs = computeNeededFiles({ ...ruled, installed, held: new Set(row.held) });
  return { members: row.members, class: ofClass, unknownBecause: "", needs };
}

function withPolicy(context: DriftContext, policy: Policy, installed: PackageSet): DriftContext {
  const { holds, shares, owns, foreigns } = policy;
  if (holds.length + shares.length + owns.length + foreigns.length === 0) return context;
  const named = namePolicy(policy, context);
  if (context.target.mode !== "mirror" || owns.length + shares.length === 0) {
    return { ...context, policy: named };
  }
  return { ...context, policy: { ...named, own: ownWithNeeds(named, installed, context) } };
}

/** What their needs follow from, as text: equal texts, equal needs. */
export async function needsFingerprint(sql: Query, poolId: string): Promise<string> {
  const [row] = await sql.query<{ fingerprint: string | null }>(
    `select md5(string_agg(t.line, ',' order by t.line)) as fingerprint from (
       select distinct concat_ws(' ', e.package_set_digest, e.view_digest, v.class, md5(e.held::text), e.policy_digest) as line
       from endpoint e left join view v on v.digest = e.view_digest where e.pool_id = $1) t`,
    [poolId],
  );
  return row?.fingerprint ?? "";
}

export interface ClassFile {
  readonly class: string;
  readonly file: NeededFile;
}

/** Distinct files over all groups, by key. */
export function distinctFiles(groups: readonly MemberNeeds[]): ReadonlyMap<string, ClassFile> {
  const files = new Map<string, ClassFile>();
  for (const group of groups) {
    for (const file of group.needs.files) {
      const key = fileKey(file);
      if (!files.has(key)) files.set(key, { class: group.class, file });
    }
  }
  return files;
}
