// Why a machine should be restarted: what runs since the boot is not what is installed any more.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import type { InboxItem } from "../../domain/inbox/inbox-item.ts";
import { needsReboot } from "../../domain/plan/warnings.ts";

export interface Boot {
  /** Unix seconds. */
  readonly atSeconds: number;
  /** `uname -r`. */
  readonly release: string;
}

/** Undefined in containers, which have no kernel of their own, and for other roots than that of the running system. */
export function readBoot(rootDir: string): Boot | undefined {
  if (rootDir !== "/" || existsSync("/run/systemd/container") || existsSync("/.dockerenv")) return undefined;
  const line = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"));
  return line === null ? undefined : { atSeconds: Number(line[1]), release: release() };
}

/** `installedAt` gives Unix seconds by package name. */
export function findRebootCauses(
  rootDir: string,
  boot: Boot | undefined,
  installedAt: ReadonlyMap<string, number>,
): readonly InboxItem[] {
  if (boot === undefined) return [];
  const items: InboxItem[] = [];
  const modules = join(rootDir, "usr/lib/modules");
  if (hasKernel(modules) && !existsSync(join(modules, boot.release))) {
    items.push(cause(`kernel ${boot.release}`, "its modules are gone, so nothing new can be loaded: restart"));
  }
  for (const [name, seconds] of installedAt) {
    if (seconds > boot.atSeconds && needsReboot(name)) {
      items.push(cause(name, "was replaced since the machine started and runs in its old version: restart"));
    }
  }
  return items;
}

function cause(subject: string, what: string): InboxItem {
  return { kind: "reboot", subject, what, digest: "" };
}

function hasKernel(modules: string): boolean {
  if (!existsSync(modules)) return false;
  return readdirSync(modules).some((version) => existsSync(join(modules, version, "pkgbase")));
}
