import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("LabelEndpoint", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.enrol("one");
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("sets and clears labels and leaves the others", async () => {
    await server.admin.endpoints.labelEndpoint({ endpoint: "one", set: { room: "attic", canary: "" } });
    const { endpoint } = await server.admin.endpoints.labelEndpoint({
      endpoint: "one",
      set: { room: "cellar" },
      clear: ["canary", "never-there"],
    });
    expect(endpoint?.labels).toEqual({ room: "cellar" });
  });

  it("refuses names that are none, long values and too many", async () => {
    const label = (set: Record<string, string>, clear: string[] = []) =>
      reasonOf(server.admin.endpoints.labelEndpoint({ endpoint: "one", set, clear }));
    expect(await label({ "Not A Label": "x" })).toBe("INVALID_FIELD");
    expect(await label({ room: "x".repeat(256) })).toBe("INVALID_FIELD");
    expect(await label({ room: "line\nbreak" })).toBe("INVALID_FIELD");
    expect(await label({}, ["Not A Label"])).toBe("INVALID_FIELD");
    expect(await label(Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`l${String(at)}`, ""])))).toBe(
      "TOO_LARGE",
    );
  });

  it("is not for viewers", async () => {
    expect(
      await reasonOf((await server.as("viewer")).endpoints.labelEndpoint({ endpoint: "one", set: { a: "b" } })),
    ).toBe("PERMISSION_DENIED");
  });
});
