import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../../server/store/database.ts";
import { openStore } from "../../../server/store/store.ts";
import { eventually } from "../../support/eventually.ts";
import { type ExternalPostgres, openCuttingLink, openExternalPostgres } from "../../support/external-postgres.ts";

let postgres: ExternalPostgres;

beforeAll(async () => {
  postgres = await openExternalPostgres();
});

afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
});

test("a store works on any PostgreSQL by its URL, password and all, and starts none of its own", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "pacpool-by-url-"));
  try {
    await using store = await openStore({ stateDir, databaseUrl: postgres.url });
    await store.database.query("insert into package_set (digest, packages, body) values ('by url', 1, $1)", [
      Buffer.from([0, 1, 255]),
    ]);
    const rows = await store.database.query("select packages, body from package_set");
    expect(rows).toEqual([{ packages: 1, body: Buffer.from([0, 1, 255]) }]);
    expect(existsSync(join(stateDir, "database"))).toBe(false);
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});

test("while the database is down it is refused as unavailable; when it is back everything goes on by itself", async () => {
  await using database = await openDatabase({ kind: "url", url: postgres.url });
  await Promise.all([database.query("select 1"), database.query("select 2")]);
  await postgres.stop();
  await expect(database.query("select 1")).rejects.toMatchObject({ reason: "DATABASE_UNAVAILABLE" });
  expect(await database.ping()).toBe(false);
  await postgres.start();
  await eventually("the database to answer again", async () => (await database.ping()) || undefined);
});

/** More than the pool holds. */
const MORE_THAN_THE_POOL = 21;

test.each(["start transaction", "commit"])(
  "a connection that is cut at '%s' does not keep its place in the pool",
  async (statement) => {
    await using link = await openCuttingLink(postgres);
    await using database = await openDatabase({ kind: "url", url: link.url });
    const isolated = statement !== "commit";
    for (let cut = 0; cut < MORE_THAN_THE_POOL; cut += 1) {
      link.cutAt = statement;
      const losing = isolated
        ? database.snapshot((sql) => sql.query("select 1"))
        : database.transaction((sql) => sql.query("select 1"));
      await expect(losing).rejects.toMatchObject({ reason: "DATABASE_UNAVAILABLE" });
    }
    expect(await database.snapshot((sql) => sql.query("select 1 as one"))).toEqual([{ one: 1 }]);
  },
);
