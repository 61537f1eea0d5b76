import { describe, expect, it } from "vitest";
import { openTestStore } from "../../support/store.ts";

describe("closing the database", () => {
  it("waits for transactions that are under way, and refuses what comes after", async () => {
    await using store = await openTestStore();
    const { database } = store;
    const calls = Array.from({ length: 4 }, () =>
      database.transaction(async (sql) => {
        await sql.query("select pg_sleep(0.1)");
        // Another connection, begun while the close waits already.
        return database.query<{ one: number }>("select 1 as one");
      }),
    );
    await database[Symbol.asyncDispose]();
    expect(await Promise.all(calls)).toEqual(Array(4).fill([{ one: 1 }]));
    await expect(database.query("select 1")).rejects.toMatchObject({ reason: "DATABASE_UNAVAILABLE" });
  });
});
