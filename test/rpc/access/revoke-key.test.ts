import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("RevokeKey", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("stops a key at once, also on a connection that is open", async () => {
    const { key, secret } = await server.admin.access.createKey({ name: "ada" });
    const ada = server.connect(secret);
    await ada.pools.listPools({});
    await server.admin.access.revokeKey({ id: key?.id ?? "" });
    expect(await reasonOf(ada.pools.listPools({}))).toBe("WRONG_KEY");
    expect((await server.admin.access.listKeys({})).keys.find(({ id }) => id === key?.id)?.revoked).toBe(true);
  });

  it("refuses an id that is none", async () => {
    expect(await reasonOf(server.admin.access.revokeKey({ id: "" }))).toBe("INVALID_FIELD");
  });

  it("is for administrators", async () => {
    expect(await reasonOf((await server.as("operator")).access.revokeKey({ id: "x" }))).toBe("PERMISSION_DENIED");
  });
});
