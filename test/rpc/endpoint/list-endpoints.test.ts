import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("ListEndpoints", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
    for (const name of ["c", "a", "d", "b"]) {
      await server.enrol(name, name === "d" ? "" : "desks");
    }
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const names = async (request: { readonly pool?: string; readonly pageSize?: number; readonly pageToken?: string }) =>
    (await server.admin.endpoints.listEndpoints(request)).endpoints.map(({ name }) => name);

  it("lists all endpoints by name, or those of one pool", async () => {
    expect(await names({})).toEqual(["a", "b", "c", "d"]);
    expect(await names({ pool: "desks" })).toEqual(["a", "b", "c"]);
    expect(await names({ pool: "unassigned" })).toEqual(["d"]);
  });

  it("turns pages without gap or repetition, also while machines come in", async () => {
    const first = await server.admin.endpoints.listEndpoints({ pageSize: 2 });
    await server.enrol("aa");
    const second = await server.admin.endpoints.listEndpoints({ pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.endpoints, ...second.endpoints].map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
    expect(second.nextPageToken).toBe("");
  });

  it("refuses an unknown pool and pages that are too big", async () => {
    expect(await reasonOf(names({ pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(names({ pageSize: 1_001 }))).toBe("INVALID_FIELD");
  });
});
