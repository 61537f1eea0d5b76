import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PolicyKind } from "../../../proto/generated/pacpool/v1/policy.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

const pool = (value: string) => ({ scope: { $case: "pool" as const, value } });
const label = (value: string) => ({ scope: { $case: "label" as const, value } });

describe("ListRules", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "a" });
    await server.admin.pools.createPool({ name: "b" });
    for (const pattern of ["zsh", "bash", "@kde"]) {
      await server.admin.policies.addRule({ kind: PolicyKind.HOLD, scope: pool("a"), pattern });
    }
    await server.admin.policies.addRule({ kind: PolicyKind.SHARE, scope: pool("b"), pattern: "vim" });
    await server.admin.policies.addRule({ kind: PolicyKind.SHARE, scope: label("room=lab"), pattern: "vim" });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("gives all of them, of one kind, or of one scope", async () => {
    const patterns = async (more: object) =>
      (await server.admin.policies.listRules(more)).rules.map((one) => one.pattern).sort();
    expect(await patterns({})).toEqual(["@kde", "bash", "vim", "vim", "zsh"]);
    expect(await patterns({ kind: PolicyKind.HOLD })).toEqual(["@kde", "bash", "zsh"]);
    expect(await patterns({ scope: pool("b") })).toEqual(["vim"]);
    expect(await patterns({ scope: label("room=lab"), kind: PolicyKind.SHARE })).toEqual(["vim"]);
    expect(await patterns({ scope: label("room=hall") })).toEqual([]);
    expect(await reasonOf(server.admin.policies.listRules({ scope: pool("nowhere") }))).toBe("POOL_NOT_FOUND");
  });

  it("gives every rule once over small pages", async () => {
    const ids: string[] = [];
    let pageToken = "";
    do {
      const page = await server.admin.policies.listRules({ pageSize: 2, pageToken });
      ids.push(...page.rules.map((one) => one.id));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(ids.length).toBe(5);
    expect(new Set(ids).size).toBe(5);
  });
});
