// More distinct views than one analysis compares, straight in the rows: agents would take minutes to bring so many.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeAnalysisOperations } from "../../../server/operations/analysis/analysis-operations.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { makeSyncDatabase } from "../../support/sync-database.ts";

const VIEWS = 66;
const ALL = { kind: "all", withinClass: false, installed: false } as const;

describe("a pool of many views", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
    const pool = randomUUID();
    await store.database.query("insert into pool (id, name, mode) values ($1, 'many', 'versions')", [pool]);
    for (let at = 0; at < VIEWS; at += 1) {
      const database = await makeSyncDatabase("core", [{ name: "app", version: `1.${String(at)}-1` }]);
      async function* whole() {
        yield database.bytes;
      }
      await store.artifacts.write(database.sha256, database.bytes.length, whole());
      const digest = `view-${String(at).padStart(2, "0")}`;
      const databases = [{ repository: "core", sha256: database.sha256, size: database.bytes.length }];
      await store.database.query(
        "insert into view (digest, architecture, class, databases) values ($1, 'x86_64', '', $2::jsonb)",
        [digest, JSON.stringify(databases)],
      );
      // Two machines have the last one.
      for (const name of at === VIEWS - 1 ? ["a", "b"] : ["a"]) {
        await store.database.query(
          "insert into endpoint (id, name, pool_id, key_hash, view_digest) values ($1, $2, $3, '', $4)",
          [randomUUID(), `${name}${String(at).padStart(2, "0")}`, pool, digest],
        );
      }
    }
  });
  afterAll(() => store[Symbol.asyncDispose]());

  it("compares those of most endpoints, and says how many it leaves out", async () => {
    const { analyzePool } = makeAnalysisOperations(store);
    const { analysis, page } = await analyzePool("many", ALL, { size: 10, token: undefined });
    expect(analysis.views).toHaveLength(64);
    expect(analysis.viewsBeyond).toBe(2);
    expect(analysis.notWhole).toHaveLength(0);
    expect(analysis.views.some(({ endpoints }) => endpoints.join(" ") === "a65 b65")).toBe(true);
    expect(page.packages[0]?.offers).toHaveLength(64);
  });

  it("goes on without a view whose database the disk has lost, and names who has it", async () => {
    const [row] = await store.database.query<{ sha256: string }>(
      "select databases->0->>'sha256' as sha256 from view where digest = 'view-65'",
    );
    await store.artifacts.remove(row?.sha256 ?? "");
    const started = { ...store, artifacts: { ...store.artifacts } };
    const { analysis } = await makeAnalysisOperations(started).analyzePool("many", ALL, { size: 1, token: undefined });
    expect(analysis.notWhole).toEqual(["a65", "b65"]);
    expect(analysis.views).toHaveLength(63);
  });
});
