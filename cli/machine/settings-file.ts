// Writes the first configuration of a process, and never changes one that is there: it belongs to the machine's owner.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parse, stringify } from "smol-toml";

/** True when it was written, false when there was one. */
export function writeSettingsOnce(path: string, heading: string, settings: Readonly<Record<string, string>>): boolean {
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  writeFileSync(path, `# ${heading}\n${stringify(settings)}\n`, { mode: 0o644, flag: "wx" });
  return true;
}

/** One text of a TOML file; undefined when there is no file, no such key, or it is damaged. */
export function readSetting(path: string, key: string): string | undefined {
  try {
    const value = parse(readFileSync(path, "utf8"))[key];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
