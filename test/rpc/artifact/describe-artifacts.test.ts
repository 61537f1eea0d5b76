import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArtifactKind } from "../../../proto/generated/pacpool/v1/artifact.ts";
import type { FakeAgent } from "../../support/fake-agent.ts";
import { SIGNATURE } from "../../support/files-world.ts";
import { buildPackage } from "../../support/package-archive.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { makeSyncDatabase } from "../../support/sync-database.ts";

describe("DescribeArtifacts", () => {
  let server: TestServer;
  let agent: FakeAgent;
  beforeAll(async () => {
    server = await openServer();
    agent = await server.agent("one", { packages: [], databases: [] });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("gives kind, size, name and signature of what is kept, and leaves out the rest", async () => {
    const app = await buildPackage({ name: "app", version: "1.0-1" });
    const header = { kind: ArtifactKind.PACKAGE, sha256: app.sha256, filename: app.fileName, signature: SIGNATURE };
    await agent.uploadFile(header, app.bytes);
    const core = await makeSyncDatabase("core", []);
    await agent.upload(core);
    const { artifacts } = await server.admin.artifacts.describeArtifacts({
      sha256: [app.sha256, core.sha256, "0".repeat(64)],
    });
    expect(artifacts.toSorted((a, b) => a.kind - b.kind)).toEqual([
      {
        sha256: core.sha256,
        size: BigInt(core.bytes.length),
        kind: ArtifactKind.SYNC_DATABASE,
        filename: "",
        signature: new Uint8Array(),
      },
      {
        sha256: app.sha256,
        size: BigInt(app.bytes.length),
        kind: ArtifactKind.PACKAGE,
        filename: app.fileName,
        signature: SIGNATURE,
      },
    ]);
  });

  it("refuses too many, what is no digest, and strangers", async () => {
    const { artifacts } = server.admin;
    const many = Array.from({ length: 1_001 }, () => "0".repeat(64));
    expect(await reasonOf(artifacts.describeArtifacts({ sha256: many }))).toBe("TOO_LARGE");
    expect(await reasonOf(artifacts.describeArtifacts({ sha256: ["app"] }))).toBe("INVALID_FIELD");
    expect(await reasonOf(server.connect().artifacts.describeArtifacts({ sha256: [] }))).toBe("UNAUTHENTICATED");
  });
});
