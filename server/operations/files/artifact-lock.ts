// Who brings a file and who collects it meet here: a name on the disk and its row change under one lock.
import type { Query } from "../content.ts";

/** Keeps our locks apart from those of others in the same database; any fixed number that is ours. */
const ARTIFACT_LOCKS = 7_117_004;

/** Held until the transaction ends. Two digests may share a lock; they only wait for each other then. */
export async function lockArtifact(sql: Query, sha256: string): Promise<void> {
  await sql.query("select pg_advisory_xact_lock($1, hashtext($2))", [ARTIFACT_LOCKS, sha256]);
}

/** Before rows that refer to artifacts are written: none of these is collected meanwhile. */
export async function lockReferences(sql: Query): Promise<void> {
  await sql.query("select pg_advisory_xact_lock_shared($1, 0)", [REFERENCE_LOCK]);
}

/** Before unused artifacts are looked for: nobody refers to them meanwhile. */
export async function lockCollection(sql: Query): Promise<void> {
  await sql.query("select pg_advisory_xact_lock($1, 0)", [REFERENCE_LOCK]);
}

const REFERENCE_LOCK = 7_117_005;
