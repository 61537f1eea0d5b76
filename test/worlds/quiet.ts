import { CURRENT } from "./moments.ts";
import type { World } from "./stage.ts";

export const quiet: World = {
  name: "quiet",
  sentence: "three machines, all in sync with the target",
  here: "atlas",
  build: async ({ server, enter }) => {
    await server.admin.pools.createPool({ name: "home", description: "the desk, the couch and the kitchen" });
    await Promise.all(["atlas", "couch", "kitchen"].map((name) => enter(name, "home", CURRENT)));
    await server.admin.targets.setLatest({ endpoint: "atlas", message: "May, tested on atlas" });
    return undefined;
  },
};
