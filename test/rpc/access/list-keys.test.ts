import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("ListKeys", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("lists keys newest first, without anything that opens a door", async () => {
    const { secret } = await server.admin.access.createKey({ name: "first" });
    await server.admin.access.createKey({ name: "second" });
    const { keys } = await server.admin.access.listKeys({});
    expect(keys.map(({ name }) => name).slice(0, 2)).toEqual(["second", "first"]);
    expect(keys).toHaveLength(3);
    const shown = JSON.stringify(keys, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    expect(shown).not.toContain(secret.split("_").at(-1));
    expect(shown).not.toContain(server.adminKey.split("_").at(-1));
  });

  it("is for administrators", async () => {
    expect(await reasonOf((await server.as("operator")).access.listKeys({}))).toBe("PERMISSION_DENIED");
  });
});
