import { Role } from "../../proto/generated/pacpool/v1/access.ts";
import { buildBehind } from "./behind.ts";
import type { World } from "./stage.ts";

export const forbidden: World = {
  name: "forbidden",
  sentence: "the same as behind, looked at with a viewer's key: nothing can be done",
  build: async (stage) => {
    await buildBehind(stage);
    return (await stage.server.admin.access.createKey({ name: "eve", role: Role.VIEWER })).secret;
  },
};
