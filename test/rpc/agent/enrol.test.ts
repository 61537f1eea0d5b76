import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("Enrol", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const token = async (
    more: { readonly uses?: number; readonly validFor?: { seconds: bigint; nanos: number } } = {},
  ): Promise<string> => (await server.admin.access.createToken(more)).token;

  it("turns a token into an identity that opens a stream and nothing else", async () => {
    const enrolled = await server.connect().agent.enrol({ token: await token(), name: "one.example" });
    expect(enrolled).toMatchObject({ name: "one.example", pool: "unassigned" });
    expect(enrolled.key).toMatch(/^ppe_/);
    expect((await server.admin.endpoints.getEndpoint({ endpoint: "one.example" })).endpoint?.id).toBe(
      enrolled.endpointId,
    );
    expect(await reasonOf(server.connect(enrolled.key).endpoints.listEndpoints({}))).toBe("PERMISSION_DENIED");
  });

  it("takes the pool that the machine asks for", async () => {
    await server.admin.pools.createPool({ name: "desks" });
    expect((await server.connect().agent.enrol({ token: await token(), name: "asks", pool: "desks" })).pool).toBe(
      "desks",
    );
  });

  it("answers a retry with an identity for the same endpoint that works", async () => {
    const once = { token: await token(), name: "retried", idempotencyKey: "e-1" };
    const first = await server.connect().agent.enrol(once);
    const again = await server.connect().agent.enrol(once);
    expect(again.endpointId).toBe(first.endpointId);
    expect((await server.connect(again.key).access.whoAmI({})).endpointId).toBe(first.endpointId);
  });

  it.each([
    ["a word that is no token", "hello"],
    ["a token of nobody", `ppt_${"a".repeat(10)}_${"0".repeat(40)}`],
    ["no token", ""],
  ])("refuses %s", async (_what, wrong) => {
    expect(await reasonOf(server.connect().agent.enrol({ token: wrong, name: "x" }))).toBe("WRONG_KEY");
  });

  it("refuses a token that was used, and the refused machine is not there", async () => {
    const used = await token();
    await server.connect().agent.enrol({ token: used, name: "first" });
    expect(await reasonOf(server.connect().agent.enrol({ token: used, name: "late" }))).toBe("TOKEN_USED");
    expect(await reasonOf(server.admin.endpoints.getEndpoint({ endpoint: "late" }))).toBe("ENDPOINT_NOT_FOUND");
  });

  it("lets one of many through that use a token at once", async () => {
    const raced = await token();
    const calls = Array.from({ length: 6 }, (_, at) =>
      server.connect().agent.enrol({ token: raced, name: `raced-${String(at)}` }),
    );
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("refuses a token that has expired", async () => {
    const short = await token({ validFor: { seconds: 0n, nanos: 1_000_000 } });
    await expect
      .poll(() => reasonOf(server.connect().agent.enrol({ token: short, name: "slow" })))
      .toBe("TOKEN_EXPIRED");
  });

  it("refuses a name that is taken, unless the machine was reinstalled", async () => {
    const first = await server.connect().agent.enrol({ token: await token(), name: "again" });
    const open = await token({ uses: 2 });
    await expect(server.connect().agent.enrol({ token: open, name: "again" })).rejects.toMatchObject({
      reason: "ENDPOINT_EXISTS",
      metadata: { endpoint: "again" },
    });
    const second = await server.connect().agent.enrol({ token: open, name: "again", replace: true });
    expect((await server.connect(second.key).access.whoAmI({})).endpointId).toBe(second.endpointId);
    expect(await reasonOf(server.connect(first.key).access.whoAmI({}))).toBe("WRONG_KEY");
  });

  it("refuses names that are none, and a pool that is not there", async () => {
    const open = await token({ uses: 5 });
    for (const name of ["", "a b", "x".repeat(254), "-x"]) {
      expect(await reasonOf(server.connect().agent.enrol({ token: open, name }))).toBe("INVALID_FIELD");
    }
    expect(await reasonOf(server.connect().agent.enrol({ token: open, name: "x", pool: "nowhere" }))).toBe(
      "POOL_NOT_FOUND",
    );
  });
});
