import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("ListPools", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    for (const name of ["c", "a", "b"]) {
      await server.admin.pools.createPool({ name });
    }
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("lists all pools by name", async () => {
    const { pools, nextPageToken } = await server.admin.pools.listPools({});
    expect(pools.map(({ name }) => name)).toEqual(["a", "b", "c", "unassigned"]);
    expect(nextPageToken).toBe("");
  });

  it("turns pages without gap or repetition", async () => {
    const seen: string[] = [];
    let pageToken = "";
    do {
      const page = await server.admin.pools.listPools({ pageSize: 3, pageToken });
      expect(page.pools.length).toBeLessThanOrEqual(3);
      seen.push(...page.pools.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(seen).toEqual(["a", "b", "c", "unassigned"]);
  });

  it("refuses pages that are too big, negative, or of nobody's making", async () => {
    expect(await reasonOf(server.admin.pools.listPools({ pageSize: 1_001 }))).toBe("INVALID_FIELD");
    expect(await reasonOf(server.admin.pools.listPools({ pageSize: -1 }))).toBe("INVALID_FIELD");
    expect(await reasonOf(server.admin.pools.listPools({ pageToken: "x".repeat(600) }))).toBe("INVALID_FIELD");
  });
});
