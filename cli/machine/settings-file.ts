// Writes the first configuration of a process, and never changes one that is there: it belongs to the machine's owner.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stringify } from "smol-toml";

/** True when it was written, false when there was one. */
export function writeSettingsOnce(path: string, heading: string, settings: Readonly<Record<string, string>>): boolean {
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  writeFileSync(path, `# ${heading}\n${stringify(settings)}\n`, { mode: 0o644, flag: "wx" });
  return true;
}
