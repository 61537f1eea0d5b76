import { EnrolmentToken } from "../../store/entities/enrolment-token.ts";
import type { Store } from "../../store/store.ts";
import { idempotent } from "../idempotent.ts";
import { findPool, UNASSIGNED } from "../pool-rows.ts";
import type { Mutation } from "../records.ts";
import { type KeyForm, makeId } from "./secrets.ts";

export type CreateTokenInput = Mutation & {
  readonly pool: string | undefined;
  readonly uses: number;
  readonly validForMs: number;
};

export interface NewToken {
  readonly id: string;
  /** Shown once. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** A repetition gets the same token with another secret: the first one was never stored. Refuses POOL_NOT_FOUND. */
export function createToken(store: Store, keys: KeyForm, input: CreateTokenInput): Promise<NewToken> {
  const { pool = UNASSIGNED, uses, validForMs } = input;
  return store.database.transaction(async (sql) => {
    const id = await idempotent(sql, input, { deed: "create-token", pool, uses, validForMs }, async () => {
      const { id: poolId } = await findPool(sql, pool);
      const made = makeId();
      const expiresAt = new Date((await readClock(sql)) + validForMs);
      sql.em.create(
        EnrolmentToken,
        { id: made, secretHash: "", poolId, usesLeft: uses, expiresAt, createdAt: new Date() },
        { persist: true },
      );
      await sql.em.flush();
      return made;
    });
    const token = await sql.em.findOneOrFail(EnrolmentToken, id);
    const secret = keys.makeSecret();
    token.secretHash = keys.hashSecret(secret);
    await sql.em.flush();
    return { id, token: keys.formatKey({ kind: "ppt", id, secret }), expiresAt: token.expiresAt };
  });
}

/** The database's clock also decides when the token has expired. */
async function readClock(sql: Parameters<typeof findPool>[0]): Promise<number> {
  const [row] = await sql.query<{ now: Date }>("select now() as now");
  return row?.now.getTime() ?? Date.now();
}
