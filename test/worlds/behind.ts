import { ASLEEP, ahead, BEHIND, CURRENT, wandered } from "./moments.ts";
import type { Stage, World } from "./stage.ts";

export const behind: World = {
  name: "behind",
  sentence:
    "one machine behind, one ahead, one diverged, one whose machine is not well, one asleep; a second pool in sync",
  here: "atlas",
  build: async (stage) => {
    await buildBehind(stage);
    return undefined;
  },
};

export async function buildBehind({ server, enter }: Stage): Promise<void> {
  const { pools, targets } = server.admin;
  await pools.createPool({ name: "studio", description: "editing and sound" });
  await pools.createPool({ name: "kiosks", description: "the hall" });
  const torn = "pacman's database is torn: the entry of gimp has no desc file; reinstall gimp";
  const [dione] = await Promise.all([
    enter("dione", "studio", ASLEEP),
    enter("atlas", "studio", CURRENT),
    enter("borealis", "studio", BEHIND),
    enter("cassini", "studio", wandered({ sway: "1:1.10-1" }, "gimp")),
    enter("europa", "studio", ahead({ firefox: "127.0-1" })),
    enter("hyperion", "studio", { ...BEHIND, facts: { apply: "ask", healthProblems: [torn] } }),
    enter("kiosk-1", "kiosks", CURRENT),
    enter("kiosk-2", "kiosks", CURRENT),
  ]);
  await targets.setLatest({ endpoint: "atlas", message: "May, tested on atlas" });
  await targets.setLatest({ endpoint: "kiosk-1", message: "kiosk image" });
  await dione.leave();
}
