// Who of the agents is here: a session is the newest stream of an endpoint, and its epoch guards every write in its name.
import { type InboxItem, SEEN_BY_ENDPOINTS } from "../../domain/inbox/inbox-item.ts";
import { changePool } from "../store/change-pool.ts";
import type { Store } from "../store/store.ts";
import { changeEndpoint, type EndpointChange, superseded } from "./change-endpoint.ts";
import { refreshEndpointStatus } from "./refresh-status.ts";

/** What the machine's owner and configuration say. */
export interface MachineFacts {
  readonly held: readonly string[];
  /** Empty counts as never. */
  readonly apply: string;
  readonly root: string;
  readonly rebootRequired: boolean;
  readonly healthProblems: readonly string[];
  readonly inbox: readonly InboxItem[];
}

export interface Greeting {
  /** Random per start of the agent. */
  readonly instance: string;
  readonly agentVersion: string;
  readonly facts: MachineFacts | undefined;
  /** The highest order that the agent has on disk. */
  readonly lastCommand: number;
}

export interface OpenedSession {
  readonly epoch: number;
  readonly endpointId: string;
  readonly name: string;
  readonly poolId: string;
  readonly pool: string;
}

export type SessionRef = Pick<OpenedSession, "endpointId" | "epoch">;

/** Makes this stream the endpoint's newest. Throws ENDPOINT_NOT_FOUND. */
export function openSession(store: Store, endpointId: string, greeting: Greeting): Promise<OpenedSession> {
  return changeEndpoint(store, { endpointId }, async (open) => {
    const { sql, change, endpoint } = open;
    const [row] = await sql.query<{ session_epoch: number; pool: string; agent_changed: boolean }>(
      `update endpoint e set session_epoch = e.session_epoch + 1, online = true, last_seen = now(), instance = $2,
         agent_version = $3, command_sequence = greatest(e.command_sequence, $4)
       from endpoint before join pool p on p.id = before.pool_id
       where e.id = $1 and before.id = e.id
       returning e.session_epoch, p.name as pool, before.agent_version <> $3 as agent_changed`,
      // After a restored backup the agent has taken orders that this database never heard of: theirs are not given again.
      [endpointId, greeting.instance, greeting.agentVersion, greeting.lastCommand],
    );
    if (row === undefined) throw superseded(endpointId);
    const factsChanged = greeting.facts !== undefined && (await writeFacts(open, greeting.facts));
    const statusChanged = await refreshEndpointStatus(store, sql, endpointId);
    if (!endpoint.online || row.agent_changed || factsChanged || statusChanged) {
      change.touch({ kind: "endpoint", id: endpointId });
    }
    const { name, pool_id: poolId } = endpoint;
    return { epoch: row.session_epoch, endpointId, name, poolId, pool: row.pool };
  });
}

/** The endpoint is asleep from now on, unless a newer session is there. */
export async function closeSession(store: Store, session: SessionRef): Promise<void> {
  await changeEndpoint(store, { endpointId: session.endpointId }, async ({ sql, change }) => {
    const gone = await sql.query(
      `update endpoint set online = false, last_seen = now()
       where id = $1 and session_epoch = $2 and online returning id`,
      [session.endpointId, session.epoch],
    );
    if (gone.length > 0) change.touch({ kind: "endpoint", id: session.endpointId });
  });
}

export interface Seen {
  readonly online: boolean;
  readonly package_set_digest: string | null;
  readonly view_digest: string | null;
}

/** A sign of life; takes no revision. Throws SUPERSEDED. */
export async function touchSession(store: Store, session: SessionRef): Promise<Seen> {
  const [seen] = await store.database.query<Seen>(
    `update endpoint set last_seen = now() where id = $1 and session_epoch = $2
     returning online, package_set_digest, view_digest`,
    [session.endpointId, session.epoch],
  );
  if (seen === undefined) throw superseded(session.endpointId);
  if (!seen.online) {
    // Counted as asleep too early, for example by another server whose clock or disk stood still.
    await changeEndpoint(store, session, async ({ sql, change }) => {
      await sql.query("update endpoint set online = true where id = $1", [session.endpointId]);
      change.touch({ kind: "endpoint", id: session.endpointId });
    });
  }
  return seen;
}

/** Throws SUPERSEDED. */
export async function storeFacts(store: Store, session: SessionRef, facts: MachineFacts): Promise<void> {
  await changeEndpoint(store, session, async (open) => {
    const factsChanged = await writeFacts(open, facts);
    const statusChanged = factsChanged && (await refreshEndpointStatus(store, open.sql, session.endpointId));
    if (factsChanged || statusChanged) open.change.touch({ kind: "endpoint", id: session.endpointId });
  });
}

/** True when they were other ones. */
export async function writeFacts({ sql, endpoint }: EndpointChange, facts: MachineFacts): Promise<boolean> {
  const changed = await sql.query(
    `update endpoint set held = $2::jsonb, apply = $3, root = $4, reboot_required = $5, health_problems = $6::jsonb,
       inbox = $7::jsonb
     where id = $1 and (held, apply, root, reboot_required, health_problems, inbox)
       is distinct from ($2::jsonb, $3, $4, $5::boolean, $6::jsonb, $7::jsonb) returning id`,
    [
      endpoint.id,
      JSON.stringify(facts.held),
      facts.apply === "" ? "never" : facts.apply,
      facts.root === "" ? "/" : facts.root,
      facts.rebootRequired,
      JSON.stringify(facts.healthProblems.map((line) => line.toWellFormed())),
      JSON.stringify(facts.inbox.filter(({ kind }) => SEEN_BY_ENDPOINTS.includes(kind)).map(wellFormed)),
    ],
  );
  return changed.length > 0;
}

/** PostgreSQL takes neither NUL nor half a surrogate pair, and paths may be any bytes. */
function wellFormed({ kind, subject, what, digest }: InboxItem): InboxItem {
  const clean = (text: string): string => text.toWellFormed().replaceAll("\u0000", "");
  return { kind, subject: clean(subject), what: clean(what), digest };
}

/** Endpoints of one transaction when a server that went down left many. */
const PORTION = 500;
/** Transactions of one call; the next call goes on. */
const MAX_PORTIONS = 200;

/** Marks endpoints that fell silent as asleep; their server may have gone without a word. Says how many. */
export async function findSleepers(store: Store, silentMs: number): Promise<number> {
  let asleep = 0;
  for (let portion = 0; portion < MAX_PORTIONS; portion += 1) {
    const [row] = await store.database.query<{ pool_id: string }>(
      `select pool_id from endpoint where online and ${IS_SILENT} limit 1`,
      [silentMs],
    );
    if (row === undefined) break;
    asleep += await putToSleep(store, row.pool_id, silentMs);
  }
  return asleep;
}

const IS_SILENT = "coalesce(last_seen, 'epoch') < now() - $1::double precision * interval '1 millisecond'";

async function putToSleep(store: Store, poolId: string, silentMs: number): Promise<number> {
  return changePool(store, poolId, async (sql, change) => {
    const rows = await sql.query<{ id: string }>(
      `update endpoint set online = false where online and id in
         (select id from endpoint where pool_id = $2 and online and ${IS_SILENT} order by id limit $3 for update)
       returning id`,
      [silentMs, poolId, PORTION],
    );
    for (const { id } of rows) change.touch({ kind: "endpoint", id });
    return rows.length;
  });
}
