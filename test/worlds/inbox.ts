import { InboxItem, InboxKind } from "../../proto/generated/pacpool/v1/inbox.ts";
import { sha256 } from "../support/sync-database.ts";
import { BEHIND, CURRENT } from "./moments.ts";
import type { World } from "./stage.ts";

const reboot = InboxItem.fromPartial({
  kind: InboxKind.REBOOT,
  subject: "linux",
  what: "linux was replaced and 6.8.9.arch1-1 still runs: reboot when it suits",
});
const service = InboxItem.fromPartial({
  kind: InboxKind.SERVICE,
  subject: "sshd.service",
  what: "sshd.service runs with a library that was replaced: systemctl restart sshd.service",
});
const pacnew = InboxItem.fromPartial({
  kind: InboxKind.CONFIGURATION_FILE,
  subject: "/etc/pacman.conf.pacnew",
  what: "/etc/pacman.conf was changed here and by the package: merge /etc/pacman.conf.pacnew, then delete it",
  digest: sha256(Buffer.from("[options]\n")),
});

export const inbox: World = {
  name: "inbox",
  sentence: "reboots, services and .pacnew files that wait for a person on three machines",
  here: "atlas",
  build: async ({ server, enter }) => {
    await server.admin.pools.createPool({ name: "home" });
    await Promise.all([
      enter("atlas", "home", { ...CURRENT, facts: { rebootRequired: true, inbox: [reboot, pacnew] } }),
      enter("couch", "home", { ...CURRENT, facts: { rebootRequired: true, inbox: [reboot, service] } }),
      enter("kitchen", "home", { ...BEHIND, facts: { inbox: [pacnew] } }),
    ]);
    await server.admin.targets.setLatest({ endpoint: "atlas", message: "May, tested on atlas" });
    return undefined;
  },
};
