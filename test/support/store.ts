// A real store for tests: one embedded PostgreSQL per test process, migrated once into a template, cloned for every store.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePoolBell } from "../../server/live/bell.ts";
import { openArtifactFiles } from "../../server/store/artifact-files.ts";
import { type DatabaseAddress, openDatabase } from "../../server/store/database.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../server/store/embedded-postgres.ts";
import type { Store } from "../../server/store/store.ts";

export interface TestStore extends Store {
  /** For a second connection to the same database, as another replica has it. */
  readonly address: DatabaseAddress;
}

interface Cluster {
  readonly postgres: EmbeddedPostgres;
  readonly directory: string;
}

let cluster: Promise<Cluster> | undefined;
let stores = 0;
let clones = 0;

const TEMPLATE = "pacpool_template";

/** Opens a store on a fresh database. The PostgreSQL below ends with the last store. */
export async function openTestStore(): Promise<TestStore> {
  stores += 1;
  cluster ??= startCluster();
  const { postgres, directory } = await cluster;
  clones += 1;
  const name = `test_${String(clones)}`;
  await administer(postgres, `create database ${name} template ${TEMPLATE}`);
  const address = addressOf(postgres, name);
  const database = await openDatabase(address);
  return {
    address,
    database,
    artifacts: openArtifactFiles(join(directory, "artifacts", name)),
    bell: makePoolBell(),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      stores -= 1;
      if (stores === 0) await endCluster();
    },
  };
}

async function startCluster(): Promise<Cluster> {
  const directory = mkdtempSync(join(tmpdir(), "pacpool-store-"));
  chmodSync(directory, 0o755);
  const postgres = await startEmbeddedPostgres({ directory: join(directory, "database") });
  await administer(postgres, `create database ${TEMPLATE}`);
  // A template must have no connections when it is copied.
  await (await openDatabase(addressOf(postgres, TEMPLATE)))[Symbol.asyncDispose]();
  return { postgres, directory };
}

async function endCluster(): Promise<void> {
  const ending = cluster;
  cluster = undefined;
  if (ending === undefined) return;
  const { postgres, directory } = await ending;
  await postgres[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
}

function addressOf(postgres: EmbeddedPostgres, database: string): DatabaseAddress {
  return { kind: "socket", host: postgres.host, port: postgres.port, user: postgres.user, database };
}

async function administer(postgres: EmbeddedPostgres, statement: string): Promise<void> {
  const { Client } = await import("pg");
  const client = new Client({ host: postgres.host, port: postgres.port, user: postgres.user, database: "postgres" });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
