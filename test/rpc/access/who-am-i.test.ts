import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Role } from "../../../proto/generated/pacpool/v1/access.ts";
import { PROTOCOL_VERSION } from "../../../rpc/protocol-version.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("WhoAmI", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("knows the administrator by the key made at first start, which only its user can read", async () => {
    expect((await stat(join(server.stateDir, "administrator.key"))).mode & 0o777).toBe(0o600);
    const answer = await server.admin.access.whoAmI({});
    expect(answer).toMatchObject({
      role: Role.ADMINISTRATOR,
      endpointId: "",
      protocolVersion: PROTOCOL_VERSION,
      fingerprint: server.fingerprint,
    });
    expect(answer.serverVersion).toBe("0.0.0-test");
    expect(answer.incarnation).not.toBe("");
  });

  it("knows an endpoint by its own key", async () => {
    const endpoint = await server.enrol("one");
    expect(await endpoint.connection.access.whoAmI({})).toMatchObject({
      role: Role.UNSPECIFIED,
      endpointId: endpoint.endpointId,
    });
  });

  it.each([
    ["no key", undefined, "UNAUTHENTICATED"],
    ["a word that is no key", "hello", "WRONG_KEY"],
    ["a key of nobody", `ppk_${"a".repeat(10)}_${"0".repeat(40)}`, "WRONG_KEY"],
    ["an endpoint's key of nobody", `ppe_00000000-0000-4000-8000-000000000000_${"0".repeat(40)}`, "WRONG_KEY"],
    ["a token instead of a key", `ppt_${"a".repeat(10)}_${"0".repeat(40)}`, "WRONG_KEY"],
  ])("refuses %s", async (_what, key, reason) => {
    expect(await reasonOf(server.connect(key).access.whoAmI({}))).toBe(reason);
  });

  it("refuses the right id with a wrong secret", async () => {
    const forged = server.adminKey.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect(await reasonOf(server.connect(forged).access.whoAmI({}))).toBe("WRONG_KEY");
  });
});
