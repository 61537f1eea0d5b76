// The world of the TUI's journeys: a real server and a pool of four machines. atlas is the target's source, borealis is
// behind, cassini has gone its own way, dione sleeps. Their agents answer with plans and carry orders out step by step.
import type { TestServerOptions } from "../support/server.ts";
import { ASLEEP, BEHIND, CURRENT, wandered } from "../worlds/moments.ts";
import { openStage, type Stage } from "../worlds/stage.ts";

export type Studio = Stage;

/** Ready when the server has seen everybody. */
export async function openStudio(options: TestServerOptions = {}): Promise<Studio> {
  const stage = await openStage(options);
  await buildStudio(stage);
  return stage;
}

async function buildStudio({ server, enter }: Stage): Promise<void> {
  await server.admin.pools.createPool({ name: "studio", description: "editing and sound" });
  await enter("atlas", "studio", CURRENT);
  await enter("borealis", "studio", BEHIND);
  await enter("cassini", "studio", wandered({ sway: "1:1.10-1" }, "gimp"));
  const dione = await enter("dione", "studio", ASLEEP);
  await server.admin.targets.setLatest({ endpoint: "atlas", message: "May, tested on atlas" });
  await dione.leave();
}
