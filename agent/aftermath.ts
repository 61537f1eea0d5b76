// What past changes left for a person on this machine. Read with every reading of the machine; nothing here is repaired.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type InboxItem, MAX_INBOX_ITEMS } from "../domain/inbox/inbox-item.ts";
import { needsReboot } from "../domain/plan/warnings.ts";
import { parseDesc, readNumberField } from "../domain/view/parse-desc.ts";
import { findConfigurationFiles } from "./host/configuration-files.ts";
import { findRebootCauses, readBoot } from "./host/reboot-causes.ts";
import { findStaleServices } from "./host/stale-services.ts";
import type { PacmanConfiguration } from "./pacman/configuration.ts";
import type { LocalDatabase } from "./pacman/local-database.ts";

/** In order of kinds; at most MAX_INBOX_ITEMS, each kind its share. */
export function readAftermath({ rootDir, dbPath }: PacmanConfiguration, local: LocalDatabase): readonly InboxItem[] {
  const share = MAX_INBOX_ITEMS / 4;
  const reboot = findRebootCauses(rootDir, readBoot(rootDir), installTimes(dbPath, local)).slice(0, share);
  const services = findStaleServices(rootDir, share);
  return [
    ...reboot,
    ...services,
    ...findConfigurationFiles(rootDir, MAX_INBOX_ITEMS - reboot.length - services.length),
  ];
}

/** Unix seconds by name, of the few packages whose change asks for a restart. */
function installTimes(dbPath: string, { packages }: LocalDatabase): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { name, entry } of packages.values()) {
    if (!needsReboot(name)) continue;
    const desc = parseDesc(readFileSync(join(dbPath, "local", entry, "desc"), "utf8"));
    times.set(name, readNumberField(desc, "INSTALLDATE"));
  }
  return times;
}
