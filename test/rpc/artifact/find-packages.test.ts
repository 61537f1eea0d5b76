import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArtifactKind } from "../../../proto/generated/pacpool/v1/artifact.ts";
import { SIGNATURE } from "../../support/files-world.ts";
import { buildPackage } from "../../support/package-archive.ts";
import { type EnrolledEndpoint, openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("FindPackages", () => {
  let server: TestServer;
  let endpoint: EnrolledEndpoint;
  beforeAll(async () => {
    server = await openServer();
    const agent = await server.agent("one", { packages: [], databases: [] });
    endpoint = agent.endpoint;
    for (const recipe of [
      { name: "app", version: "1.0-1", buildDate: 100 },
      { name: "app", version: "1.0-1", buildDate: 200 },
      { name: "app", version: "2.0-1", buildDate: 300 },
    ]) {
      const { sha256, fileName: filename, bytes } = await buildPackage(recipe);
      await agent.uploadFile({ kind: ArtifactKind.PACKAGE, sha256, filename, signature: SIGNATURE }, bytes);
    }
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const find = async (name: string, version: string, buildDate: number, architecture = "any") => {
    const wanted = { name, version, architecture, buildDate: BigInt(buildDate) };
    const { packages } = await endpoint.connection.artifacts.findPackages({ packages: [wanted] });
    return packages.map((one) => Number(one.package?.buildDate)).toSorted((a, b) => a - b);
  };

  it("finds exactly the build that is asked for, or every build when none is", async () => {
    expect(await find("app", "1.0-1", 200)).toEqual([200]);
    expect(await find("app", "1.0-1", 0)).toEqual([100, 200]);
    expect(await find("app", "2.0-1", 0, "")).toEqual([300]);
  });

  it("leaves out what is not there", async () => {
    expect(await find("app", "1.0-1", 150)).toEqual([]);
    expect(await find("app", "1.0-1", 100, "x86_64")).toEqual([]);
    expect(await find("lib", "1.0-1", 0)).toEqual([]);
  });

  it("refuses too many and what is no package", async () => {
    const { artifacts } = endpoint.connection;
    const one = { name: "app", version: "1", architecture: "", buildDate: 0n };
    const many = Array.from({ length: 1_001 }, () => one);
    expect(await reasonOf(artifacts.findPackages({ packages: many }))).toBe("TOO_LARGE");
    for (const wrong of [
      { ...one, name: "../app" },
      { ...one, version: "1\n" },
      { ...one, buildDate: -1n },
    ]) {
      expect(await reasonOf(artifacts.findPackages({ packages: [wrong] }))).toBe("INVALID_FIELD");
    }
  });
});
