// From a key to who has it. Each call of the edge asks, so answers are kept for a few seconds; what is revoked here is
// forgotten at once, what is revoked on another server within that time.
import { Refusal } from "../../../domain/refusal.ts";
import type { Store } from "../../store/store.ts";
import type { Query } from "../content.ts";
import type { Caller, RoleName } from "../records.ts";
import { isSameHash, type KeyForm, type ParsedKey } from "./secrets.ts";

const KEPT_MS = 5_000;
const KEPT_KEYS = 10_000;

interface Known {
  readonly hash: string;
  readonly caller: Caller;
  readonly untilMs: number;
}

export interface Identifier {
  /** Throws WRONG_KEY for a key that is unknown, revoked or has another secret. */
  identify(key: ParsedKey): Promise<Caller>;
  /** The next call reads the row again. */
  forget(id: string): void;
}

export function makeIdentifier(store: Store, keys: KeyForm, now: () => number): Identifier {
  const kept = new Map<string, Known>();
  let forgotten = 0;
  return {
    async identify(key) {
      const hash = keys.hashSecret(key.secret);
      const place = `${key.kind} ${key.id}`;
      let known = kept.get(place);
      if (known === undefined || known.untilMs < now()) {
        const before = forgotten;
        const read = await readKey(store.database, key);
        if (read === undefined) throw new Refusal("WRONG_KEY");
        known = { ...read, untilMs: now() + KEPT_MS };
        // What was read may have been revoked since.
        if (before === forgotten) keep(kept, place, known);
      }
      if (!isSameHash(known.hash, hash)) throw new Refusal("WRONG_KEY");
      return known.caller;
    },
    forget(id) {
      forgotten += 1;
      kept.delete(`ppk ${id}`);
      kept.delete(`ppe ${id}`);
    },
  };
}

function keep(kept: Map<string, Known>, place: string, known: Known): void {
  kept.delete(place);
  kept.set(place, known);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_KEYS && oldest !== undefined) kept.delete(oldest);
}

type Found = Pick<Known, "hash" | "caller">;

async function readKey(sql: Query, key: ParsedKey): Promise<Found | undefined> {
  switch (key.kind) {
    case "ppk":
      return readOperator(sql, key.id);
    case "ppe":
      return readAgent(sql, key.id);
    case "ppt":
      // A token enrols; it opens nothing else.
      return undefined;
  }
}

async function readOperator(sql: Query, id: string): Promise<Found | undefined> {
  const [row] = await sql.query<{ name: string; role: RoleName; secret_hash: string; is_stale: boolean }>(
    `select name, role, secret_hash, coalesce(last_used_at < now() - interval '1 minute', true) as is_stale
     from access_key where id = $1 and not revoked`,
    [id],
  );
  if (row === undefined) return undefined;
  if (row.is_stale) await sql.query("update access_key set last_used_at = now() where id = $1", [id]);
  return { hash: row.secret_hash, caller: { kind: "operator", id, name: row.name, role: row.role } };
}

async function readAgent(sql: Query, endpointId: string): Promise<Found | undefined> {
  const [row] = await sql.query<{ key_hash: string }>("select key_hash from endpoint where id::text = $1", [
    endpointId,
  ]);
  return row === undefined ? undefined : { hash: row.key_hash, caller: { kind: "endpoint", endpointId } };
}
