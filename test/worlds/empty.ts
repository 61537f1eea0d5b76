import type { World } from "./stage.ts";

export const empty: World = {
  name: "empty",
  sentence: "a new server: no pool of one's own, no machine",
  build: async () => undefined,
};
