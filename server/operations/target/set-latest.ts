import { resolvePolicy } from "../../../domain/policy/resolve-policy.ts";
import { Refusal } from "../../../domain/refusal.ts";
import type { Sql } from "../../store/database.ts";
import type { Store } from "../../store/store.ts";
import { changeEndpoint, endpointIdOf } from "../change-endpoint.ts";
import { contentOf, type Query } from "../content.ts";
import { readEndpoint } from "../endpoint-rows.ts";
import { findAnswer, idempotent } from "../idempotent.ts";
import { readEndpointPolicy } from "../policy/endpoint-policies.ts";
import { findPool } from "../pool-rows.ts";
import { authorOf, type EndpointRecord, type Mutation, type NewTarget } from "../records.ts";
import { readNewestTarget } from "../target-rows.ts";
import { type AppendedTarget, appendTarget, expectNewest, readAppended } from "./append-target.ts";
import { chooseClassViews } from "./choose-class-views.ts";
import { choosePins, type Source } from "./choose-pins.ts";
import { refuseBadAgain } from "./refuse-bad.ts";
import { searchUpstream } from "./watch-upstream.ts";

export type SetLatestInput = Mutation & {
  readonly endpoint: string;
  readonly message: string;
  readonly pins: readonly string[];
  readonly pinAll: boolean;
  readonly expectedTargetRevision: number | undefined;
  readonly shared: readonly string[];
  /** Take it although a target of the same content was marked bad. */
  readonly evenBad?: boolean;
};

/**
 * Makes this moment of an endpoint the newest target of its pool. Refuses NO_REPORT, SOURCE_DEGRADED,
 * SOURCE_PARTIALLY_UPGRADED, STALE_REVISION, TARGET_BAD.
 */
export async function setLatest(store: Store, input: SetLatestInput): Promise<NewTarget> {
  const { caller, idempotencyKey: _key, ...asked } = input;
  const request = { deed: "set-latest", ...asked };
  const earlier = await findAnswer<AppendedTarget>(store.database, input, request);
  if (earlier !== undefined) return readAppended(store, earlier.value);
  const endpointId = await endpointIdOf(store.database, input.endpoint);
  // Databases take a second to read: before the lock, so that nobody waits for it.
  await readSource(store, store.database, await readEndpoint(store.database, endpointId));
  const appended = await changeEndpoint(store, { endpointId }, ({ sql, change }) =>
    idempotent(sql, input, request, async () => {
      const newest = await expectNewest(sql, change.poolId, input.expectedTargetRevision);
      const endpoint = await readEndpoint(sql, endpointId);
      const pins = choosePins(await readSource(store, sql, endpoint), input.pins, input.pinAll);
      const { mode, name } = await findPool(sql, change.poolId);
      const view = viewOf(endpoint);
      const { viewDigest, digest } = endpoint;
      if (input.evenBad !== true) {
        const content = { mode, viewDigest, pins, packageSetDigest: digest };
        await refuseBadAgain(sql, { id: change.poolId, name }, content);
      }
      return appendTarget(store, sql, change, {
        revision: newest + 1,
        mode,
        view,
        viewDigest: endpoint.viewDigest,
        otherViews: await chooseClassViews(sql, change.poolId, view.class),
        pins,
        shared: await sharedNames(sql, change.poolId, input.shared),
        packageSetDigest: endpoint.digest,
        sourceEndpointId: endpoint.id,
        sourceEndpoint: endpoint.name,
        author: authorOf(caller),
        message: input.message,
        bad: false,
        restoresRevision: 0,
      });
    }),
  );
  await searchUpstream(store, appended.poolId);
  return readAppended(store, appended);
}

/** Names given replace the present ones, none keeps them. */
async function sharedNames(sql: Sql, poolId: string, given: readonly string[]): Promise<readonly string[]> {
  if (given.length > 0) return [...new Set(given)].toSorted();
  return (await readNewestTarget(sql, poolId))?.shared ?? [];
}

async function readSource(store: Store, sql: Query, endpoint: EndpointRecord): Promise<Source> {
  const { id, name, digest } = endpoint;
  const [row] = await sql.query<{ held: readonly string[]; degraded_because: readonly string[] }>(
    "select held, degraded_because from endpoint where id = $1",
    [id],
  );
  if (row !== undefined && row.degraded_because.length > 0) throw new Refusal("SOURCE_DEGRADED", { endpoint: name });
  const content = contentOf(store);
  const view =
    digest === "" || endpoint.viewDigest === "" ? undefined : await content.viewIndex(sql, endpoint.viewDigest);
  if (view === undefined) throw new Refusal("NO_REPORT", { endpoint: name });
  const installed = await content.packageSet(sql, digest);
  return { name, view, installed, held: await ownAffairs(sql, id, row?.held ?? [], { installed, view }) };
}

/** What the machine, or a rule, keeps from moving or leaves to its owner: no half upgrade, and imposed on nobody. */
async function ownAffairs(
  sql: Query,
  endpointId: string,
  held: readonly string[],
  { installed, view }: Pick<Source, "installed" | "view">,
): Promise<ReadonlySet<string>> {
  const { policy } = await readEndpointPolicy(sql, endpointId);
  const resolved = resolvePolicy(policy, installed, { ownView: view, targetView: view }, held);
  const foreign = installed.packages.map((one) => one.name).filter((one) => resolved.foreign.has(one));
  return new Set([...resolved.held, ...foreign]);
}

function viewOf(endpoint: EndpointRecord): NonNullable<EndpointRecord["view"]> {
  if (endpoint.view === undefined || endpoint.view.class === "")
    throw new Refusal("NO_REPORT", { endpoint: endpoint.name });
  return endpoint.view;
}
