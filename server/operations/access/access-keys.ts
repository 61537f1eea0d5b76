// Keys of people and scripts.
import { invalidField } from "../../../domain/refusal.ts";
import type { Sql } from "../../store/database.ts";
import { AccessKey } from "../../store/entities/access-key.ts";
import type { Store } from "../../store/store.ts";
import { idempotent } from "../idempotent.ts";
import type { KeyRecord, Mutation, RoleName } from "../records.ts";
import { type KeyForm, makeId } from "./secrets.ts";

export interface NewKey {
  readonly key: KeyRecord;
  /** The whole key; shown once. */
  readonly secret: string;
}

export type CreateKeyInput = Mutation & { readonly name: string; readonly role: RoleName };

/** A repetition gets the same key with another secret: the first one was never stored. */
export function createKey(store: Store, keys: KeyForm, input: CreateKeyInput): Promise<NewKey> {
  const { name, role } = input;
  return store.database.transaction(async (sql) => {
    const id = await idempotent(sql, input, { deed: "create-key", name, role }, async () => {
      const made = makeId();
      await insertKey(sql, { id: made, name, role });
      return made;
    });
    return setSecret(sql, keys, id);
  });
}

async function insertKey(sql: Sql, key: Pick<KeyRecord, "id" | "name" | "role">): Promise<void> {
  sql.em.create(AccessKey, { ...key, secretHash: "", createdAt: new Date() }, { persist: true });
  await sql.em.flush();
}

async function setSecret(sql: Sql, keys: KeyForm, id: string): Promise<NewKey> {
  const key = await sql.em.findOneOrFail(AccessKey, id);
  const secret = keys.makeSecret();
  key.secretHash = keys.hashSecret(secret);
  await sql.em.flush();
  return { key: recordOf(key), secret: keys.formatKey({ kind: "ppk", id, secret }) };
}

/** Newest first, without secrets. */
export function listKeys(store: Store): Promise<readonly KeyRecord[]> {
  return store.database.snapshot(async (sql) => {
    const keys = await sql.em.find(AccessKey, {}, { orderBy: [{ createdAt: "desc" }, { id: "asc" }] });
    return keys.map(recordOf);
  });
}

/** Refuses INVALID_FIELD for an id of no key, and for the last administrator's. */
export async function revokeKey(store: Store, input: Mutation & { readonly id: string }): Promise<void> {
  await store.database.transaction((sql) =>
    idempotent(sql, input, { deed: "revoke-key", id: input.id }, async () => {
      // Two who revoke each other at once must not both succeed.
      const administrators = await sql.query<{ id: string }>(
        "select id from access_key where role = 'administrator' and not revoked order by id for update",
      );
      if (administrators.length === 1 && administrators[0]?.id === input.id) {
        throw invalidField("id", input.id, "a key that is not the last administrator's: make another one first");
      }
      const rows = await sql.query("update access_key set revoked = true where id = $1 returning id", [input.id]);
      if (rows.length === 0) throw invalidField("id", input.id, "the id of a key, as pacpool key list shows it");
      return null;
    }),
  );
}

/** Makes the first administrator's key. Undefined when there is an administrator already. */
export function ensureAdministratorKey(store: Store, keys: KeyForm): Promise<string | undefined> {
  return store.database.transaction(async (sql) => {
    // Two servers may start on one new database.
    await sql.query("lock table access_key in share row exclusive mode");
    const found = await sql.query("select 1 from access_key where role = 'administrator' and not revoked limit 1");
    if (found.length > 0) return undefined;
    const id = makeId();
    await insertKey(sql, { id, name: "administrator", role: "administrator" });
    return (await setSecret(sql, keys, id)).secret;
  });
}

function recordOf(key: AccessKey): KeyRecord {
  const { id, name, role, createdAt, lastUsedAt, revoked } = key;
  return { id, name, role, createdAt, lastUsedAt: lastUsedAt ?? undefined, revoked };
}
