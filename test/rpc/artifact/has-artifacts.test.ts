import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FakeAgent } from "../../support/fake-agent.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { makeSyncDatabase } from "../../support/sync-database.ts";

describe("HasArtifacts", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("names what is missing", async () => {
    const core = await makeSyncDatabase("core", [{ name: "a", version: "1-1" }]);
    const { connection } = await server.enrol("one");
    await using agent = new FakeAgent(connection, { packages: [], databases: [core] });
    await agent.upload(core);
    const missing = "0".repeat(64);
    expect(await connection.artifacts.hasArtifacts({ sha256: [core.sha256, missing] })).toEqual({
      missingSha256: [missing],
      partial: [],
    });
    expect(await connection.artifacts.hasArtifacts({ sha256: [] })).toEqual({ missingSha256: [], partial: [] });
  });

  it("refuses too many, and what is no digest", async () => {
    const tooMany = Array.from({ length: 1_001 }, () => "0".repeat(64));
    expect(await reasonOf(server.admin.artifacts.hasArtifacts({ sha256: tooMany }))).toBe("TOO_LARGE");
    expect(await reasonOf(server.admin.artifacts.hasArtifacts({ sha256: ["x"] }))).toBe("INVALID_FIELD");
  });
});
