import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Role } from "../../../proto/generated/pacpool/v1/access.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("CreateKey", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("makes an operator's key unless told otherwise, and the key works at once", async () => {
    const { key, secret } = await server.admin.access.createKey({ name: "ada" });
    expect(secret).toMatch(/^ppk_/);
    expect(key).toMatchObject({ name: "ada", role: Role.OPERATOR, revoked: false, lastUsedAt: undefined });
    expect(await server.connect(secret).access.whoAmI({})).toMatchObject({
      id: key?.id,
      name: "ada",
      role: Role.OPERATOR,
    });
  });

  it("refuses a key without a name, a long one, and a role that is none", async () => {
    const { access } = server.admin;
    expect(await reasonOf(access.createKey({ name: " " }))).toBe("INVALID_FIELD");
    expect(await reasonOf(access.createKey({ name: "x".repeat(101) }))).toBe("INVALID_FIELD");
    expect(await reasonOf(access.createKey({ name: "x", role: 9 as never }))).toBe("INVALID_FIELD");
  });

  it("is for administrators: no operator can make itself one", async () => {
    const operator = await server.as("operator");
    expect(await reasonOf(operator.access.createKey({ name: "x", role: Role.ADMINISTRATOR }))).toBe(
      "PERMISSION_DENIED",
    );
    const viewer = await server.as("viewer");
    expect(await reasonOf(viewer.access.createKey({ name: "x" }))).toBe("PERMISSION_DENIED");
  });
});
