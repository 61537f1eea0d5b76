// One connection pool for entities and for raw SQL, on the embedded PostgreSQL or on any other. Entities are for things
// that people configure; whatever agents and watchers do all day is plain SQL through the same transactions.
import { type EntityManager, IsolationLevel } from "@mikro-orm/core";
import { Migrator } from "@mikro-orm/migrations";
import { MikroORM, type SqlEntityManager } from "@mikro-orm/postgresql";
import { CompiledQuery } from "kysely";
import { type PoolConfig, types } from "pg";
import { openConnections } from "./connections.ts";
import { databaseErrors } from "./database-error.ts";
import { AccessKey } from "./entities/access-key.ts";
import { EnrolmentToken } from "./entities/enrolment-token.ts";
import { Pool } from "./entities/pool.ts";
import { migrations } from "./migrations/list.ts";
import { OpenCalls } from "./open-calls.ts";

/** A transaction. `$1` placeholders; int8 arrives as number, jsonb parsed, timestamptz as Date, bytea as Buffer. */
export interface Sql {
  query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** For entities, in the same transaction. */
  readonly em: EntityManager;
}

export interface Database extends AsyncDisposable {
  /** One statement in a transaction of its own. */
  query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** Read committed. Never opens a second transaction inside: with a full pool that would wait for ever. */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** Repeatable read, read only: everything in it is of one moment. */
  snapshot<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** Whether it answers at all. */
  ping(): Promise<boolean>;
  /** Changes when the database was restored: tokens from before mean nothing then. */
  readonly incarnation: string;
}

/** Where the database is: a URL, or a socket folder of the embedded one. */
export type DatabaseAddress =
  | { readonly kind: "url"; readonly url: string }
  | {
      readonly kind: "socket";
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly database: string;
    };

/** The lock under which servers migrate, one after the other; any fixed number that is ours. */
const MIGRATION_LOCK = 7_117_001;
const POOL_SIZE = 20;
const STATEMENT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Connects, migrates under a lock, and reads the incarnation. Throws Refusal DATABASE_UNAVAILABLE. */
export async function openDatabase(address: DatabaseAddress): Promise<Database> {
  const orm = await MikroORM.init({
    entities: [Pool, AccessKey, EnrolmentToken],
    dbName: address.kind === "url" ? "postgres" : address.database,
    extensions: [Migrator],
    migrations: {
      migrationsList: [...migrations],
      tableName: "schema_migration",
      snapshot: false,
      transactional: true,
    },
    driverOptions: openConnections({
      ...connectionOf(address),
      max: POOL_SIZE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      types: { getTypeParser: parserOf },
    }),
    logger: () => undefined,
  });
  try {
    await databaseErrors(() => migrate(orm));
    const em = orm.em;
    const calls = new OpenCalls();
    const run = <Result>(work: (sql: Sql) => Promise<Result>, options: object): Promise<Result> =>
      calls.add(() =>
        databaseErrors(() => em.fork().transactional((forked) => work(sqlOf(forked as SqlEntityManager)), options)),
      );
    const database = {
      query: <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
        calls.add(() => databaseErrors(() => sqlOf(em.fork() as SqlEntityManager).query<Row>(text, parameters))),
      transaction: <Result>(work: (sql: Sql) => Promise<Result>) => run(work, {}),
      snapshot: <Result>(work: (sql: Sql) => Promise<Result>) =>
        run(work, { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true }),
      ping: () =>
        database.query("select 1").then(
          () => true,
          () => false,
        ),
      [Symbol.asyncDispose]: async () => {
        await calls.end();
        await orm.close(true);
      },
    };
    const [cluster] = await database.query<{ incarnation: string }>("select incarnation from cluster");
    return { ...database, incarnation: cluster?.incarnation ?? "" };
  } catch (error) {
    await orm.close(true).catch(() => undefined);
    throw error;
  }
}

function connectionOf(address: DatabaseAddress): PoolConfig {
  // node-postgres reads the URL itself: MikroORM's own reader knows no socket folders.
  if (address.kind === "url") return { connectionString: address.url };
  return { host: address.host, port: address.port, user: address.user, database: address.database, password: "" };
}

async function migrate(orm: MikroORM): Promise<void> {
  // A connection of its own holds the lock: the migrator takes others from the pool.
  await orm.em.fork().transactional(async (em) => {
    await sqlOf(em as SqlEntityManager).query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await orm.migrator.up();
  });
}

function sqlOf(em: SqlEntityManager): Sql {
  return {
    em: em as unknown as EntityManager,
    async query<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
      const { rows } = await em.getKysely().executeQuery(CompiledQuery.raw(text, [...parameters]));
      return rows as Row[];
    },
  };
}

const INT8 = 20;
const TIMESTAMPTZ = 1184;

/** node-postgres gives int8 as text: ours are counters far below 2^53. */
function parserOf(oid: number, format?: "text" | "binary"): unknown {
  if (oid === INT8 && format !== "binary") return Number;
  if (oid === TIMESTAMPTZ && format !== "binary") return (text: string) => new Date(text);
  return types.getTypeParser(oid, format);
}
