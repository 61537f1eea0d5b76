import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type ExternalPostgres, openExternalPostgres } from "../support/external-postgres.ts";
import { openServer, type TestServer } from "../support/server.ts";
import { BEHIND, CURRENT, hasReported, settled } from "../support/two-moments.ts";
import { Watching } from "../support/watching.ts";

let postgres: ExternalPostgres;
let server: TestServer;

beforeAll(async () => {
  postgres = await openExternalPostgres();
  server = await openServer({ config: { databaseUrl: postgres.url } });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

async function readiness(): Promise<number> {
  return (await fetch(`http://${server.opsAddress}/health/ready`)).status;
}

test("a server whose database goes away says so, and serves agents and watchers again by itself when it is back", async () => {
  await server.admin.pools.createPool({ name: "lab" });
  const first = await settled(server, "first", CURRENT, "lab");
  const watching = new Watching(server.admin);
  await watching.next("snapshotEnd");

  await postgres.stop();
  await expect(server.admin.pools.listPools({})).rejects.toMatchObject({ reason: "DATABASE_UNAVAILABLE" });
  expect(await readiness()).toBe(503);

  await postgres.start();
  await eventually("a pool list", () =>
    server.admin.pools.listPools({}).then(({ pools }) => pools.length > 0 || undefined),
  );
  expect(await readiness()).toBe(200);
  const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: "first" });
  expect(endpoint?.packages).toBe(CURRENT.packages.length);

  const again = new Watching(server.admin);
  await again.next("snapshotEnd");
  const second = await settled(server, "second", BEHIND, "lab");
  await hasReported(server, "second", BEHIND);
  await again.next("batch");
  // One from before the outage either goes on or was ended, so that its client opens another; it never falls silent.
  await Promise.any([watching.ended, watching.next("batch")]);
  for (const one of [watching, again, first, second]) await one[Symbol.asyncDispose]();
});
