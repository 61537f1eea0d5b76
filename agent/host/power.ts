// Whether the machine runs on a battery, and how full that is, as the kernel says it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Percent of the fullest battery while none of the machine's power supplies is plugged in; undefined when one is, or there is no battery. */
export function batteryPercent(folder = "/sys/class/power_supply"): number | undefined {
  let fullest: number | undefined;
  for (const name of list(folder)) {
    const read = (file: string): string => readWord(join(folder, name, file));
    const type = read("type");
    if (type !== "Battery") {
      if (read("online") === "1") return undefined;
      continue;
    }
    // A mouse has a battery too.
    if (read("scope") === "Device") continue;
    if (read("status") === "Charging") return undefined;
    const percent = Number(read("capacity"));
    if (Number.isFinite(percent) && read("capacity") !== "") fullest = Math.max(fullest ?? 0, percent);
  }
  return fullest;
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readWord(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
