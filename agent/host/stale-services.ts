// Processes that still run what a transaction replaced: a mapped program or library of the root whose file is gone.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { InboxItem } from "../../domain/inbox/inbox-item.ts";

/** One item per unit, by name; processes outside of units by their program's name. `procDir` is /proc but in tests. */
export function findStaleServices(rootDir: string, limit: number, procDir = "/proc"): readonly InboxItem[] {
  const prefix = join(rootDir, "usr/");
  const gone = new Map<string, string>();
  for (const pid of readdirSync(procDir).filter((name) => /^\d+$/.test(name))) {
    const file = deletedFile(join(procDir, pid, "maps"), prefix);
    if (file === undefined) continue;
    const unit = unitOf(procDir, pid);
    if (!gone.has(unit)) gone.set(unit, file);
  }
  return [...gone]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([subject, file]) => ({
      kind: "service",
      subject,
      what: `still runs with the old ${file.slice(rootDir === "/" ? 0 : rootDir.length)}: ${remedy(subject)}`,
      digest: "",
    }));
}

function remedy(unit: string): string {
  if (unit === "systemd") return "systemctl daemon-reexec";
  return unit.endsWith(".service") ? `systemctl restart ${unit}` : "end it and start it again";
}

/** The first mapped program text whose file was deleted; undefined too for processes that went away or are not ours. */
function deletedFile(maps: string, prefix: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(maps, "utf8");
  } catch {
    return undefined;
  }
  for (const line of text.split("\n")) {
    if (!line.endsWith(" (deleted)")) continue;
    // address perms offset device inode path
    const [, permissions = "", path = ""] = /^\S+ (\S+) \S+ \S+ \S+\s+(.*) \(deleted\)$/.exec(line) ?? [];
    if (permissions.includes("x") && path.startsWith(prefix)) return path;
  }
  return undefined;
}

function unitOf(procDir: string, pid: string): string {
  if (pid === "1") return "systemd";
  try {
    const path = readFileSync(join(procDir, pid, "cgroup"), "utf8").split("::")[1] ?? "";
    const unit = path
      .trim()
      .split("/")
      .findLast((part) => part.endsWith(".service"));
    if (unit !== undefined && !unit.startsWith("user@")) return unit;
    return readFileSync(join(procDir, pid, "comm"), "utf8").trim();
  } catch {
    return `process ${pid}`;
  }
}
