import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Operation, OperationState } from "../../../proto/generated/pacpool/v1/operation.ts";
import { finished, poolWithTarget, started, taken } from "../../support/operation-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("ListOperations", () => {
  let server: TestServer;
  const all: Operation[] = [];
  beforeAll(async () => {
    server = await openServer();
    for (const pool of ["a", "b"]) {
      const agent = await poolWithTarget(server, pool);
      const operation = await started(server, agent);
      all.push(operation);
      await taken(agent);
      if (pool === "a") {
        await finished(agent, operation, OperationState.FAILED, ["no space"]);
      }
    }
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const ids = async (request: { readonly pool?: string; readonly endpoint?: string; readonly active?: boolean }) =>
    (await server.admin.operations.listOperations(request)).operations.map(({ id }) => id);

  it("lists them newest first, by pool, by machine, or those under way", async () => {
    const [a, b] = all.map(({ id }) => id);
    expect(await ids({})).toEqual([b, a]);
    expect(await ids({ pool: "a" })).toEqual([a]);
    expect(await ids({ endpoint: "b-behind" })).toEqual([b]);
    expect(await ids({ active: true })).toEqual([b]);
    expect(await ids({ pool: "a", active: true })).toEqual([]);
  });

  it("turns pages", async () => {
    const first = await server.admin.operations.listOperations({ pageSize: 1 });
    const second = await server.admin.operations.listOperations({ pageSize: 1, pageToken: first.nextPageToken });
    expect([...first.operations, ...second.operations].map(({ id }) => id)).toEqual(
      all.map(({ id }) => id).toReversed(),
    );
    expect(second.nextPageToken).toBe("");
  });

  it("refuses unknown pools and machines", async () => {
    expect(await reasonOf(ids({ pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(ids({ endpoint: "nobody" }))).toBe("ENDPOINT_NOT_FOUND");
  });
});
