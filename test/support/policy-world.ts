// A pool whose rules and conflicts are tried: a source with the target, and machines that went their own way.
import { ConflictMode } from "../../proto/generated/pacpool/v1/policy.ts";
import { eventually } from "./eventually.ts";
import { type FakeMachine, installed } from "./fake-agent.ts";
import type { TestServer } from "./server.ts";
import { CURRENT, NEW, settled } from "./two-moments.ts";

/** It upgraded app by itself; lib is behind. */
export const AWAY: FakeMachine = {
  packages: [installed("app", "3.0-1"), installed("lib", "1.0-1", { reason: "dependency" })],
  databases: [NEW],
};

export interface PolicyWorld {
  readonly agent: Awaited<ReturnType<TestServer["agent"]>>;
  /** `<pool>-away`. */
  readonly endpoint: string;
}

/** A pool with a target from `<pool>-source` and a machine `<pool>-away` in a conflict about app. */
export async function poolWithConflict(
  server: TestServer,
  pool: string,
  conflicts: ConflictMode = ConflictMode.MANUAL,
): Promise<PolicyWorld> {
  await server.admin.pools.createPool({ name: pool });
  await server.admin.pools.updatePool({ pool, conflicts });
  await settled(server, `${pool}-source`, CURRENT, pool);
  await server.admin.targets.setLatest({ endpoint: `${pool}-source` });
  const endpoint = `${pool}-away`;
  const agent = await settled(server, endpoint, AWAY, pool);
  await eventually(`the comparison of ${endpoint}`, async () => {
    const { items } = await server.admin.endpoints.getDrift({ endpoint });
    return items.length > 0 ? items : undefined;
  });
  return { agent, endpoint };
}

/** Drift as `name kind`, with the kinds as numbers' names. */
export async function driftOf(server: TestServer, endpoint: string): Promise<readonly string[]> {
  const { DriftKind } = await import("../../proto/generated/pacpool/v1/drift.ts");
  const names = Object.fromEntries(Object.entries(DriftKind).map(([name, value]) => [value, name.toLowerCase()]));
  const { items } = await server.admin.endpoints.getDrift({ endpoint });
  return items.map((one) => `${one.name} ${names[one.kind] ?? "?"}`);
}

/** The policy that the agent was told last. */
export async function toldPolicy(agent: PolicyWorld["agent"], digestBefore: string) {
  return await eventually("a new policy", async () => {
    const last = agent.heard.findLast(({ body }) => body?.$case === "targetState")?.body;
    const policy = last?.$case === "targetState" ? last.value.policy : undefined;
    return policy !== undefined && policy.digest !== digestBefore ? policy : undefined;
  });
}
