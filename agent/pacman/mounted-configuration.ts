// The pacman.conf of a system that is mounted below a folder: what that system's own says, with every path inside the
// folder. pacman's --root would leave caches, keys and hooks to the host. Knows nothing of plans.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./process.ts";

export interface MountedSystem {
  /** Absolute. */
  readonly directory: string;
  /** Its pacman.conf, as that system names it. */
  readonly configurationFile: string;
}

/** As deep as pacman itself follows Include. */
const includeDepth = 10;
/** More files than that are a glob gone wrong. */
const includedFiles = 200;

/** Directives of [options] that name places of the mounted system. */
const placed = new Set(["RootDir", "DBPath", "CacheDir", "LogFile", "GPGDir", "HookDir"]);

/** Writes to `file` what pacman of the host needs to work on that system. Throws with pacman-conf's words. */
export async function writeMountedConfiguration(system: MountedSystem, file: string): Promise<void> {
  const draft = `${file}.included`;
  writeFileSync(draft, includedText(system), { mode: 0o600 });
  const { code, output, errors } = await ask(["pacman-conf", "--config", draft], { timeoutMs: 10_000 });
  if (code !== 0) {
    const own = join(system.directory, system.configurationFile);
    throw new Error(`reading ${own} through pacman-conf (exit ${code}): ${errors.trim()}`);
  }
  writeFileSync(file, placeInside(output, system.directory), { mode: 0o600 });
}

/** The whole text, with the system's own included files: pacman would look for them on the host. */
function includedText({ directory, configurationFile }: MountedSystem): string {
  let count = 0;
  const read = (path: string, depth: number): string => {
    count += 1;
    if (depth > includeDepth || count > includedFiles) {
      throw new Error(`reading ${join(directory, configurationFile)}: it includes too many files`);
    }
    return readFileSync(join(directory, path), "utf8")
      .split("\n")
      .map((line) => {
        const pattern = /^\s*Include\s*=\s*(.*?)\s*$/.exec(line)?.[1];
        if (pattern === undefined) return line;
        return filesOf(directory, pattern)
          .map((found) => read(found, depth + 1))
          .join("\n");
      })
      .join("\n");
  };
  return read(configurationFile, 0);
}

/** As that system names them. A pattern without a match is nothing, as for pacman. */
function filesOf(directory: string, pattern: string): readonly string[] {
  return globSync(pattern.replace(/^\/+/, ""), { cwd: directory })
    .toSorted()
    .map((found) => `/${found}`);
}

/** Takes what pacman-conf prints. A path that is inside already stays. */
export function placeInside(text: string, directory: string): string {
  const inside = (path: string): string =>
    path === directory || path.startsWith(`${directory}/`) ? path : join(directory, path);
  return text
    .split("\n")
    .map((line) => {
      const [, key = "", value = ""] = /^(\w+) = (.+)$/.exec(line) ?? [];
      if (placed.has(key)) return `${key} = ${inside(value)}`;
      if (key === "Server" && value.startsWith("file:///")) return `${key} = file://${inside(value.slice(7))}`;
      return line;
    })
    .join("\n");
}
