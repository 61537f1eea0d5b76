import { setTimeout as sleep } from "node:timers/promises";
import { planOf } from "./approval.ts";
import { BEHIND, CURRENT } from "./moments.ts";
import type { Stage, World } from "./stage.ts";

const MACHINES = ["borealis", "cassini", "dione", "europa", "fornax", "ganymede"];
/** Their operations begin one after the other. */
const APART_MS = 700;

export const rolling: World = {
  name: "rolling",
  sentence: "six machines that sync and go back again for ever, each with its progress",
  here: "atlas",
  build: async (stage) => {
    const { server, enter } = stage;
    stage.stepMs = 900;
    await server.admin.pools.createPool({ name: "studio" });
    await enter("atlas", "studio", CURRENT);
    await server.admin.targets.setLatest({ endpoint: "atlas", message: "May, tested on atlas" });
    await Promise.all(MACHINES.map((name) => enter(name, "studio", BEHIND)));
    // A call that the end of the world cuts off is refused.
    for (const [index, name] of MACHINES.entries()) roll(stage, name, index * APART_MS).catch(() => undefined);
    return undefined;
  },
};

async function roll({ server, signal }: Stage, endpoint: string, afterMs: number): Promise<void> {
  await sleep(afterMs, undefined, { signal });
  for (let round = 0; !signal.aborted; round += 1) {
    const planDigest = await planOf(server, endpoint, round % 2 === 1);
    const idempotencyKey = `${endpoint}-${String(round)}`;
    const { operation } = await server.admin.operations.startOperation({ endpoint, planDigest, idempotencyKey });
    const id = operation?.id ?? "";
    for await (const _ of server.admin.operations.watchOperation({ id }, { signal })) {
      // To its end.
    }
  }
}
