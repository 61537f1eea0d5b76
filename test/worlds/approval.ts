import { ConflictMode } from "../../proto/generated/pacpool/v1/policy.ts";
import { eventually } from "../support/eventually.ts";
import { CURRENT, wandered } from "./moments.ts";
import type { Stage, World } from "./stage.ts";

export const approval: World = {
  name: "approval",
  sentence: "an operation that waits for approval, and machines whose own changes wait for a decision",
  here: "atlas",
  build: async ({ server, enter }) => {
    const { pools, targets, operations } = server.admin;
    await pools.createPool({ name: "lab" });
    await pools.updatePool({ pool: "lab", conflicts: ConflictMode.MANUAL });
    await enter("atlas", "lab", CURRENT);
    await targets.setLatest({ endpoint: "atlas", message: "May, tested on atlas" });
    await enter("borealis", "lab", wandered({ firefox: "127.0-1" }));
    await enter("cassini", "lab", wandered({ sway: "1:1.10-1", python: "3.13.0-1" }));
    await compared(server, "borealis");
    await compared(server, "cassini");
    const planDigest = await planOf(server, "borealis");
    await operations.startOperation({ endpoint: "borealis", planDigest, idempotencyKey: "borealis" });
    return undefined;
  },
};

/** Digest of the plan that the machine answers with. */
export async function planOf(server: Stage["server"], endpoint: string, revert = false): Promise<string> {
  const { outcome } = await server.admin.endpoints.computePlan({ endpoint, revert });
  if (outcome?.$case !== "plan") throw new Error(`${endpoint} has no plan: ${outcome?.value.message ?? "no outcome"}`);
  return outcome.value.digest;
}

async function compared(server: Stage["server"], endpoint: string): Promise<void> {
  await eventually(`the comparison of ${endpoint}`, async () => {
    const { items } = await server.admin.endpoints.getDrift({ endpoint });
    return items.length > 0 || undefined;
  });
}
