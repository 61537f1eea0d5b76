// A token becomes an endpoint's identity. The use is taken in the same transaction as the endpoint's row: of many who come
// with one use, one gets in.
import { randomUUID } from "node:crypto";
import { Refusal } from "../../../domain/refusal.ts";
import { changePools, type PoolChange } from "../../store/change-pool.ts";
import type { Sql } from "../../store/database.ts";
import { isUniqueViolation } from "../../store/database-error.ts";
import type { Store } from "../../store/store.ts";
import type { Query } from "../content.ts";
import { readEndpoint } from "../endpoint-rows.ts";
import { findAnswer, idempotent, type Repeatable } from "../idempotent.ts";
import { touchEndpoint } from "../lock-endpoint.ts";
import { findPool } from "../pool-rows.ts";
import { refreshEndpointStatus } from "../refresh-status.ts";
import { replaceEndpoint } from "./replace-endpoint.ts";
import { isSameHash, type KeyForm, type ParsedKey } from "./secrets.ts";

export interface EnrolInput {
  readonly idempotencyKey: string | undefined;
  readonly token: string;
  readonly name: string;
  /** Undefined means the token's pool, or for a replaced endpoint its own. */
  readonly pool: string | undefined;
  /** Take over the name of an endpoint that was reinstalled. */
  readonly replace: boolean;
}

export interface Enrolled {
  readonly endpointId: string;
  readonly name: string;
  readonly pool: string;
  readonly key: string;
}

/** What idempotency keeps. A type, since interfaces have no index signature. */
type Kept = { readonly endpointId: string; readonly atMs: number };

/** How long a retry may still fetch a key. Longer, and whoever finds an old token could take an endpoint over. */
const RETRY_MS = 60_000;

/** Refuses WRONG_KEY, TOKEN_EXPIRED, TOKEN_USED, POOL_NOT_FOUND, ENDPOINT_EXISTS. */
export async function enrolEndpoint(store: Store, keys: KeyForm, input: EnrolInput): Promise<Enrolled> {
  const parsed = keys.parseKey(input.token);
  if (parsed?.kind !== "ppt") throw new Refusal("WRONG_KEY");
  const token = await readToken(store.database, keys, parsed);
  const mutation: Repeatable = { caller: { kind: "token", id: parsed.id }, idempotencyKey: input.idempotencyKey };
  const request = { deed: "enrol", name: input.name, pool: input.pool, replace: input.replace };
  const earlier = await findAnswer<Kept>(store.database, mutation, request);
  if (earlier === undefined) checkUsable(token);
  const kept = earlier?.value ?? (await admitEndpoint(store, input, token, mutation, request));
  if (Date.now() - kept.atMs > RETRY_MS) throw new Refusal("TOKEN_USED");
  const secret = keys.makeSecret();
  const text = "update endpoint set key_hash = $2 where id = $1";
  await store.database.query(text, [kept.endpointId, keys.hashSecret(secret)]);
  const { id: endpointId, name, pool } = await readEndpoint(store.database, kept.endpointId);
  return { endpointId, name, pool, key: keys.formatKey({ kind: "ppe", id: endpointId, secret }) };
}

interface Token {
  readonly id: string;
  readonly secret_hash: string;
  readonly pool_id: string;
  readonly uses_left: number;
  readonly is_expired: boolean;
}

async function readToken(sql: Query, keys: KeyForm, parsed: ParsedKey): Promise<Token> {
  const [row] = await sql.query<Token>(
    "select id, secret_hash, pool_id, uses_left, expires_at <= now() as is_expired from enrolment_token where id = $1",
    [parsed.id],
  );
  if (row === undefined || !isSameHash(row.secret_hash, keys.hashSecret(parsed.secret))) throw new Refusal("WRONG_KEY");
  return row;
}

function checkUsable(token: Pick<Token, "uses_left" | "is_expired">): void {
  if (token.is_expired) throw new Refusal("TOKEN_EXPIRED");
  if (token.uses_left < 1) throw new Refusal("TOKEN_USED");
}

async function admitEndpoint(
  store: Store,
  input: EnrolInput,
  token: Token,
  mutation: Repeatable,
  request: object,
): Promise<Kept> {
  const present = await findNamed(store.database, input.name);
  const asked = input.pool === undefined ? undefined : (await findPool(store.database, input.pool)).id;
  const poolId = asked ?? (input.replace ? present?.pool_id : undefined) ?? token.pool_id;
  const poolIds = [...new Set([poolId, ...(present === undefined ? [] : [present.pool_id])])];
  try {
    return await changePools(store, poolIds, (sql, changes) =>
      idempotent(sql, mutation, request, async () => {
        await takeUse(sql, token.id);
        const endpointId = await writeEndpoint(store, sql, { input, poolId, changes });
        return { endpointId, atMs: Date.now() };
      }),
    );
  } catch (error) {
    if (isUniqueViolation(error)) throw new Refusal("ENDPOINT_EXISTS", { endpoint: input.name }, { cause: error });
    throw error;
  }
}

async function takeUse(sql: Sql, tokenId: string): Promise<void> {
  const taken = await sql.query(
    `update enrolment_token set uses_left = uses_left - 1
     where id = $1 and uses_left > 0 and expires_at > now() returning id`,
    [tokenId],
  );
  if (taken.length === 0) throw new Refusal("TOKEN_USED");
}

interface Placed {
  readonly id: string;
  readonly pool_id: string;
}

async function findNamed(sql: Query, name: string, lock = ""): Promise<Placed | undefined> {
  const [row] = await sql.query<Placed>(`select id, pool_id from endpoint where name = $1 ${lock}`, [name]);
  return row;
}

interface Admission {
  readonly input: EnrolInput;
  readonly poolId: string;
  readonly changes: readonly PoolChange[];
}

async function writeEndpoint(store: Store, sql: Sql, { input, poolId, changes }: Admission): Promise<string> {
  const present = await findNamed(sql, input.name, "for update");
  if (present !== undefined && !input.replace) throw new Refusal("ENDPOINT_EXISTS", { endpoint: input.name });
  const into = changes.find((change) => change.poolId === poolId);
  const from = changes.find((change) => change.poolId === (present?.pool_id ?? poolId));
  // It moved between the look and the lock: the next try sees it where it is.
  if (into === undefined || from === undefined) throw new Refusal("THROTTLED");
  const id = present?.id ?? randomUUID();
  if (present === undefined) {
    const text = "insert into endpoint (id, name, pool_id, key_hash) values ($1, $2, $3, '')";
    await sql.query(text, [id, input.name, poolId]);
  } else await replaceEndpoint(sql, { id, poolId, into, from });
  await refreshEndpointStatus(store, sql, id);
  touchEndpoint(into, id);
  return id;
}
