// Rows of one pool with one endpoint, made straight in the database: what collecting looks at, and nothing else.
import { randomUUID } from "node:crypto";
import { packageSetDigest } from "../../../domain/package-set/canonical.ts";
import { viewDigest } from "../../../domain/view/view.ts";
import { packSet, sha256Of } from "../../../server/operations/content.ts";
import { lockReferences } from "../../../server/operations/files/artifact-lock.ts";
import { setOf } from "../../support/sample-packages.ts";
import type { TestStore } from "../../support/store.ts";

export interface Fleet {
  /** The pool's next target, needing these. */
  appendTarget(
    files: readonly { readonly name: string; readonly version: string; readonly sha256: string }[],
  ): Promise<void>;
  storeView(bytes: Buffer): Promise<{ readonly digest: string; readonly sha256: string }>;
  storeSet(...packages: readonly string[]): Promise<string>;
  /** Finished so long ago, each with an acknowledged order. */
  addOperations(count: number, ago: string): Promise<void>;
}

export async function makePoolFleet({ database, artifacts }: TestStore): Promise<Fleet> {
  const poolId = randomUUID();
  const endpointId = randomUUID();
  let revision = 0;
  let sequence = 0;
  await database.query("insert into pool (id, name, mode) values ($1, 'pool', 'versions')", [poolId]);
  const text = "insert into endpoint (id, name, pool_id, key_hash) values ($1, 'one', $2, '')";
  await database.query(text, [endpointId, poolId]);
  const fleet: Fleet = {
    async appendTarget(files) {
      revision += 1;
      const view = await fleet.storeView(Buffer.from("the target's"));
      const set = await fleet.storeSet("base 1-1");
      await database.query(
        `insert into target (pool_id, revision, mode, view_digest, package_set_digest, author)
         values ($1, $2, 'versions', $3, $4, '')`,
        [poolId, revision, view.digest, set],
      );
      await database.query("update pool set target_revision = $2 where id = $1", [poolId, revision]);
      for (const { name, version, sha256 } of files) {
        await database.transaction(async (sql) => {
          await lockReferences(sql);
          await sql.query(
            `insert into target_file (pool_id, revision, file_key, class, name, version, architecture, build_date,
               repository, filename, size, sha256, signature)
             values ($1, $2, $3, 'c', $4, $5, 'any', 0, 'core', '', 0, $3, '')`,
            [poolId, revision, sha256, name, version],
          );
        });
      }
    },
    async storeView(bytes) {
      const sha256 = sha256Of(bytes);
      const databases = [{ repository: "core", sha256, size: bytes.length }];
      const view = { architecture: "x86_64", class: "", databases };
      const digest = viewDigest(view, sha256Of);
      await artifacts.write(
        sha256,
        bytes.length,
        (async function* () {
          yield bytes;
        })(),
      );
      const known = "on conflict do nothing";
      const file = `insert into artifact (sha256, size, kind) values ($1, $2, 'sync-database') ${known}`;
      await database.query(file, [sha256, bytes.length]);
      const row = `insert into view (digest, architecture, class, databases) values ($1, 'x86_64', 'c', $2::jsonb) ${known}`;
      await database.query(row, [digest, JSON.stringify(databases)]);
      return { digest, sha256 };
    },
    async storeSet(...packages) {
      const set = setOf(...packages);
      const digest = packageSetDigest(set, sha256Of);
      const row = "insert into package_set (digest, packages, body) values ($1, $2, $3) on conflict do nothing";
      await database.query(row, [digest, set.packages.length, packSet(set)]);
      return digest;
    },
    async addOperations(count, ago) {
      for (let at = 0; at < count; at += 1) {
        sequence += 1;
        const operationId = randomUUID();
        await database.query(
          `insert into plan (digest, endpoint_id, base_digest, target_revision, is_revert, changes, body, created_at)
           values ($1, $2, '', 1, false, 0, '{}', now() - $3::interval)`,
          [`plan-${String(sequence)}`, endpointId, ago],
        );
        await database.query(
          `insert into operation (id, endpoint_id, pool_id, plan_digest, target_revision, is_revert, state, author, changes,
             created_at, finished_at)
           values ($1, $2, $3, $4, 1, false, 'succeeded', '', 0, now() - $5::interval, now() - $5::interval)`,
          [operationId, endpointId, poolId, `plan-${String(sequence)}`, ago],
        );
        await database.query(
          `insert into command (endpoint_id, sequence, command_id, operation_id, kind, not_after, acknowledged, created_at)
           values ($1, $2, $3, $4, 'start', now(), 'persisted', now() - $5::interval)`,
          [endpointId, sequence, randomUUID(), operationId, ago],
        );
      }
    },
  };
  return fleet;
}
