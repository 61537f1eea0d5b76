// One embedded PostgreSQL for all files of the rpc project, started once by vitest: every server of a test gets a database
// of its own, cloned from a migrated template, in a tenth of the time that a cluster of its own would take.
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../server/store/database.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../server/store/embedded-postgres.ts";

/** Where it listens; tests that run without vitest have none and get a cluster of their own. */
const VARIABLE = "PACPOOL_TEST_POSTGRES";
const TEMPLATE = "pacpool_template";
/** Two files at once, some servers each, and their pools of 20. */
const MAX_CONNECTIONS = 300;

/** vitest calls it before the first file; the answer ends it. */
export async function setup(): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), "pacpool-shared-"));
  chmodSync(directory, 0o755);
  const postgres = await startEmbeddedPostgres({
    directory: join(directory, "database"),
    maxConnections: MAX_CONNECTIONS,
  });
  const base = baseOf(postgres);
  process.env[VARIABLE] = base;
  await administer(base, `create database ${TEMPLATE}`);
  // A template must have no connections when it is copied.
  await (await openDatabase({ kind: "url", url: `${base}/${TEMPLATE}` }))[Symbol.asyncDispose]();
  return async () => {
    await postgres[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  };
}

function baseOf({ user, host, port }: EmbeddedPostgres): string {
  return `postgres://${user}@${encodeURIComponent(host)}:${String(port)}`;
}

/** The URL of a fresh, migrated database, and how to drop it; undefined when there is no shared PostgreSQL. */
export async function cloneDatabase(): Promise<({ readonly url: string } & AsyncDisposable) | undefined> {
  const base = process.env[VARIABLE];
  if (base === undefined) {
    return undefined;
  }
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await administer(base, `create database ${name} template ${TEMPLATE}`);
  return {
    url: `${base}/${name}`,
    [Symbol.asyncDispose]: () => administer(base, `drop database ${name} with (force)`),
  };
}

async function administer(base: string, statement: string): Promise<void> {
  const { Client } = await import("pg");
  const client = new Client({ connectionString: `${base}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
