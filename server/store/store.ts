// Everything that the operations keep and share: rows, files, and the bell that says which rows moved.
import { join } from "node:path";
import { makePoolBell, type PoolBell } from "../live/bell.ts";
import { type ArtifactFiles, openArtifactFiles } from "./artifact-files.ts";
import { type Database, type DatabaseAddress, openDatabase } from "./database.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";

export interface Store extends AsyncDisposable {
  readonly database: Database;
  readonly artifacts: ArtifactFiles;
  readonly bell: PoolBell;
}

export interface StoreOptions {
  /** Holds artifacts/ and, without a URL, the embedded database in database/. */
  readonly stateDir: string;
  /** A PostgreSQL of one's own; absent means the embedded one. */
  readonly databaseUrl?: string | undefined;
  /** Called when the embedded database ended by itself; the server cannot go on. */
  readonly onDatabaseEnded?: (log: string) => void;
}

/** Starts or connects the database, migrates it, opens the files. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { stateDir, databaseUrl } = options;
  await using opening = new AsyncDisposableStack();
  const embedded =
    databaseUrl === undefined
      ? opening.use(await startEmbeddedPostgres({ directory: join(stateDir, "database") }))
      : undefined;
  const address: DatabaseAddress = databaseUrl === undefined ? socketOf(embedded) : { kind: "url", url: databaseUrl };
  const database = opening.use(await openDatabase(address));
  const held = opening.move();
  let isClosing = false;
  void embedded?.ended.then((log) => {
    if (!isClosing) options.onDatabaseEnded?.(log);
  });
  return {
    database,
    artifacts: openArtifactFiles(join(stateDir, "artifacts")),
    bell: makePoolBell(),
    async [Symbol.asyncDispose]() {
      isClosing = true;
      await held.disposeAsync();
    },
  };
}

function socketOf(embedded: EmbeddedPostgres | undefined): DatabaseAddress {
  if (embedded === undefined) throw new Error("no embedded database was started");
  return { kind: "socket", host: embedded.host, port: embedded.port, user: embedded.user, database: "postgres" };
}
