import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchAuthority, parseJoinCode } from "../../../rpc/join-code.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("CreateToken", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("gives a join code with which a machine that knows nothing can believe the server and enrol", async () => {
    const { token, joinCode } = await server.admin.access.createToken({});
    const code = parseJoinCode(joinCode);
    expect(code).toEqual({ address: server.address, fingerprint: server.fingerprint, token });
    expect(await fetchAuthority(code?.address ?? "", code?.fingerprint ?? "")).toBe(server.ca);
    const { name, pool } = await server.connect().agent.enrol({ token: code?.token ?? "", name: "fresh" });
    expect({ name, pool }).toEqual({ name: "fresh", pool: "unassigned" });
  });

  it("is refused by a machine that was told another fingerprint", async () => {
    await expect(fetchAuthority(server.address, "A".repeat(43))).rejects.toMatchObject({
      reason: "FINGERPRINT_MISMATCH",
    });
  });

  it("lasts a day and one use unless told otherwise", async () => {
    const { expiresAt, token } = await server.admin.access.createToken({});
    expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - 86_400_000)).toBeLessThan(60_000);
    await server.connect().agent.enrol({ token, name: "first" });
    expect(await reasonOf(server.connect().agent.enrol({ token, name: "second" }))).toBe("TOKEN_USED");
  });

  it("leads into the pool that it was made for, as often as it says", async () => {
    await server.admin.pools.createPool({ name: "desks" });
    const { token } = await server.admin.access.createToken({ pool: "desks", uses: 2 });
    for (const name of ["desk-1", "desk-2"]) {
      expect((await server.connect().agent.enrol({ token, name })).pool).toBe("desks");
    }
    expect(await reasonOf(server.connect().agent.enrol({ token, name: "desk-3" }))).toBe("TOKEN_USED");
  });

  it("refuses an unknown pool, too many uses and a time that is too long or none", async () => {
    const { access } = server.admin;
    expect(await reasonOf(access.createToken({ pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(access.createToken({ uses: 10_001 }))).toBe("INVALID_FIELD");
    expect(await reasonOf(access.createToken({ uses: -1 }))).toBe("INVALID_FIELD");
    expect(await reasonOf(access.createToken({ validFor: { seconds: 91n * 86_400n, nanos: 0 } }))).toBe(
      "INVALID_FIELD",
    );
    expect(await reasonOf(access.createToken({ validFor: { seconds: 0n, nanos: 0 } }))).toBe("INVALID_FIELD");
  });

  it("is for administrators", async () => {
    expect(await reasonOf((await server.as("operator")).access.createToken({}))).toBe("PERMISSION_DENIED");
  });
});
