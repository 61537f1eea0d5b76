// A retried mutation is the same mutation: its answer is kept under caller and key, in the mutation's own transaction.
import { invalidField } from "../../domain/refusal.ts";
import { type Query, sha256Of } from "./content.ts";
import type { Caller } from "./records.ts";

/** Whatever JSON keeps. No secrets: the row lies in the database for a day. */
export type Answer = null | boolean | number | string | readonly Answer[] | { readonly [name: string]: Answer };

/** A token stands for who has it, and is not one of the callers that the edge knows. */
export interface Repeatable {
  readonly caller: Caller | { readonly kind: "token"; readonly id: string };
  readonly idempotencyKey: string | undefined;
}

interface Row<Kept> {
  readonly request_hash: string;
  readonly answer: { readonly value: Kept } | null;
}

const EXPIRY = "24 hours";

/**
 * Runs `work` once per caller and key, and gives its answer to every repetition within a day. `request` names the mutation
 * and all that it was asked. Two at once: the second waits for the first's transaction. Throws Refusal INVALID_FIELD
 * when the key came with another request.
 */
export async function idempotent<Kept extends Answer>(
  sql: Query,
  mutation: Repeatable,
  request: object,
  work: () => Promise<Kept>,
): Promise<Kept> {
  const { idempotencyKey: key } = mutation;
  if (key === undefined) return work();
  const caller = callerName(mutation.caller);
  const hash = hashOf(request);
  const claimed = await sql.query(
    `insert into idempotency as i (caller, key, request_hash, answer, expires_at)
     values ($1, $2, $3, 'null'::jsonb, now() + interval '${EXPIRY}')
     on conflict (caller, key) do update
       set request_hash = excluded.request_hash, answer = excluded.answer, expires_at = excluded.expires_at
       where i.expires_at < now()
     returning key`,
    [caller, key, hash],
  );
  if (claimed.length === 0) {
    const kept = await findAnswer<Kept>(sql, mutation, request);
    if (kept !== undefined) return kept.value;
  }
  const value = await work();
  const text = "update idempotency set answer = $3::jsonb where caller = $1 and key = $2";
  await sql.query(text, [caller, key, JSON.stringify({ value })]);
  return value;
}

/** The answer of an earlier, committed run; for mutations whose subject may be gone by then. Refuses as idempotent does. */
export async function findAnswer<Kept extends Answer>(
  sql: Query,
  mutation: Repeatable,
  request: object,
): Promise<{ readonly value: Kept } | undefined> {
  if (mutation.idempotencyKey === undefined) return undefined;
  const [row] = await sql.query<Row<Kept>>(
    "select request_hash, answer from idempotency where caller = $1 and key = $2 and expires_at >= now()",
    [callerName(mutation.caller), mutation.idempotencyKey],
  );
  if (row === undefined) return undefined;
  if (row.request_hash !== hashOf(request)) {
    throw invalidField("idempotency_key", mutation.idempotencyKey, "a new key for a new request");
  }
  return row.answer ?? undefined;
}

function callerName(caller: Repeatable["caller"]): string {
  switch (caller.kind) {
    case "operator":
      return `operator ${caller.id}`;
    case "endpoint":
      return `endpoint ${caller.endpointId}`;
    case "token":
      return `token ${caller.id}`;
    case "stranger":
      return "stranger";
  }
}

/** Key order does not matter. */
function hashOf(request: object): string {
  return sha256Of(JSON.stringify(request, sorted));
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
