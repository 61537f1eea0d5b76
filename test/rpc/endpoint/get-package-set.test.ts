import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodePackageSet } from "../../../rpc/codec/package-set.ts";
import { digestOf } from "../../support/fake-agent.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { BEHIND, settled } from "../../support/two-moments.ts";

describe("GetPackageSet", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("gives back exactly what was reported", async () => {
    await settled(server, "one", BEHIND);
    const { digest, packages } = await server.admin.endpoints.getPackageSet({ endpoint: "one" });
    expect(digest).toBe(digestOf(BEHIND.packages));
    expect(digestOf(decodePackageSet(packages).packages)).toBe(digest);
  });

  it("refuses a machine that has not reported", async () => {
    await server.enrol("quiet");
    expect(await reasonOf(server.admin.endpoints.getPackageSet({ endpoint: "quiet" }))).toBe("NO_REPORT");
  });
});
