// The connection pool below entities and raw SQL. Here only to survive a database that goes away: Kysely gives the
// connection of a transaction back after its rollback, and with a dead connection that rollback fails. Every transaction
// that a restart or a failover cuts would keep its place in the pool for ever.
import {
  type Driver,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type TransactionSettings,
} from "kysely";
import { Pool, type PoolConfig } from "pg";

/** Connects when first used; closing the ORM closes it. */
export function openConnections(options: PoolConfig): PostgresDialect {
  const pool = new Pool({ ...options, keepAlive: true });
  // Without listeners a lost connection ends the process. Whoever uses it gets the error from the query.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
  });
  return new Dialect({ pool });
}

class Dialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new GivingDriver(this.#config);
  }
}

/** As the driver hands it out; the class itself is not exported. */
type OwnConnection = Parameters<PostgresDriver["releaseConnection"]>[0];

class GivingDriver extends PostgresDriver {
  override async beginTransaction(connection: OwnConnection, settings: TransactionSettings): Promise<void> {
    try {
      await super.beginTransaction(connection, settings);
    } catch (error) {
      // No transaction, so nobody will end it.
      await this.releaseConnection(connection);
      throw error;
    }
  }

  /** Fails only with the connection, and then there is nothing to take back; the pool drops it when it is given back. */
  override rollbackTransaction(connection: OwnConnection): Promise<void> {
    return super.rollbackTransaction(connection).catch(() => undefined);
  }
}
