import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { openServer, type TestServer } from "../support/server.ts";
import { BEHIND, settled } from "../support/two-moments.ts";

describe("the operations port", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const get = async (path: string, method = "GET") => {
    const response = await fetch(`http://${server.opsAddress}${path}`, { method });
    return { status: response.status, text: await response.text() };
  };

  it("says that the server lives and is ready", async () => {
    expect(await get("/health/live")).toEqual({ status: 200, text: "live\n" });
    expect(await get("/health/ready")).toEqual({ status: 200, text: "ready\n" });
  });

  it("counts streams, watches, calls and reports", async () => {
    await settled(server, "counted", BEHIND);
    await server.admin.pools.listPools({});
    const metrics = await eventually("a report", async () => {
      const { text } = await get("/metrics");
      return text.includes('pacpool_reports_total{kind="full"} 1') ? text : undefined;
    });
    expect(metrics).toContain("pacpool_agent_streams 1");
    expect(metrics).toMatch(/pacpool_rpcs_total\{method="\/pacpool\.v1\.PoolService\/ListPools",status="OK"\} 1/);
  });

  it("shows no name of any machine and no secret", async () => {
    const { text } = await get("/metrics");
    expect(text).not.toContain("counted");
    expect(text).not.toContain(server.adminKey);
  });

  it("has nothing else", async () => {
    expect((await get("/")).status).toBe(404);
    expect((await get("/health/live", "POST")).status).toBe(405);
  });
});
