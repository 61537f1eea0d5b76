// The base of conflicts: what an endpoint's last target gave each package. It moves on when the endpoint has a target's
// versions. What was held or kept at that moment did not move with it, so what it had to be until then is carried along:
// a package that nobody touched is no conflict when its hold is lifted.
import type { DriftContext } from "../../../domain/drift/compute-drift.ts";
import { findInstalled } from "../../../domain/package-set/package-set.ts";
import type { Build } from "../../../domain/policy/resolve-conflicts.ts";
import { targetForClass } from "../../../domain/target/target.ts";
import type { Content, Query } from "../content.ts";
import { readTarget } from "../target-rows.ts";

/** What an endpoint's row says of its base. */
export interface BaseRow {
  readonly id: string;
  readonly pool_id: string;
  readonly class: string | null;
  /** The target whose versions it had last; 0 for none. */
  readonly base_revision: number;
  /** What frozen packages had to be when the base moved on, by name. */
  readonly base_carried: Readonly<Record<string, Build>>;
}

type Side = Pick<DriftContext, "target" | "targetView" | "targetSet">;

/** What a target gives a package; undefined when it says nothing of it. */
export function wantedBuild({ target, targetView, targetSet }: Side, name: string): Build | undefined {
  const mirrored = target.mode === "mirror" && targetSet !== undefined ? findInstalled(targetSet, name) : undefined;
  if (mirrored !== undefined) return mirrored;
  const version = target.pins.get(name);
  const fromView = targetView.packages.get(name);
  return version === undefined || version === fromView?.version ? fromView : { version, buildDate: 0 };
}

/** Knows nothing when there was no target, or one of another class. */
export async function baseBuilds(
  content: Content,
  sql: Query,
  row: BaseRow,
): Promise<(name: string) => Build | undefined> {
  const whole = row.base_revision === 0 ? undefined : await readTarget(sql, row.pool_id, row.base_revision);
  const target = whole === undefined ? undefined : targetForClass(whole, row.class ?? "");
  const targetView = target === undefined ? undefined : await content.viewIndex(sql, target.viewDigest);
  if (target === undefined || targetView === undefined) return () => undefined;
  const targetSet = target.mode === "mirror" ? await content.packageSet(sql, target.packageSetDigest) : undefined;
  return (name) => wantedBuild({ target, targetView, targetSet }, name);
}

export interface BaseMove {
  readonly row: BaseRow;
  readonly revision: number;
  /** Installed names that a rule, the machine itself or a conflict keeps from moving. */
  readonly frozen: readonly string[];
}

/** Frozen packages of one endpoint. Who freezes more stands still, and so does its base. */
const MAX_CARRIED = 500;

/** Gives what each row is afterwards. Shown nowhere, so nothing is touched. */
export async function moveBases(content: Content, sql: Query, moves: readonly BaseMove[]): Promise<readonly BaseRow[]> {
  const moved: BaseRow[] = [];
  for (const { row, revision, frozen } of moves) {
    if (frozen.length > MAX_CARRIED) continue;
    moved.push({ ...row, base_revision: revision, base_carried: await carry(content, sql, row, frozen) });
  }
  if (moved.length === 0) return moved;
  const values = moved.map(({ id, base_revision, base_carried }) => ({ id, base_revision, base_carried }));
  await sql.query(
    `update endpoint e set base_revision = n.base_revision, base_carried = n.base_carried
     from jsonb_to_recordset($1::jsonb) as n(id uuid, base_revision bigint, base_carried jsonb) where e.id = n.id`,
    [JSON.stringify(values)],
  );
  return moved;
}

async function carry(
  content: Content,
  sql: Query,
  row: BaseRow,
  frozen: readonly string[],
): Promise<BaseRow["base_carried"]> {
  if (frozen.length === 0) return {};
  const old = await baseBuilds(content, sql, row);
  const carried = frozen.flatMap((name): readonly (readonly [string, Build])[] => {
    const build = row.base_carried[name] ?? old(name);
    return build === undefined ? [] : [[name, { version: build.version, buildDate: build.buildDate }]];
  });
  return Object.fromEntries(carried);
}
