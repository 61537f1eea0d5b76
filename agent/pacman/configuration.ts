// The machine's pacman configuration as pacman itself reads it (pacman-conf follows every Include). Knows nothing of plans.
import { statSync } from "node:fs";
import { ask } from "./process.ts";

/** Whether a package file needs a signature before pacman takes it. */
export type SignaturePolicy = "never" | "optional" | "required";

export interface RepositoryConfiguration {
  readonly name: string;
  /** Where its packages are: CacheServer lines of pacman 7, then Server lines. */
  readonly servers: readonly string[];
  readonly signatures: SignaturePolicy;
  /** Of its database. */
  readonly databaseSignatures: SignaturePolicy;
  /** Its own SigLevel words, or those of [options], without those of databases. */
  readonly packageSigLevel: readonly string[];
}

export interface PacmanConfiguration {
  readonly file: string;
  /** How pacman is called with the rights that it needs. */
  readonly command: readonly string[];
  readonly rootDir: string;
  readonly dbPath: string;
  readonly cacheDirs: readonly string[];
  readonly hookDirs: readonly string[];
  readonly logFile: string;
  /** In pacman's order of preference. */
  readonly architectures: readonly string[];
  readonly ignoredPackages: readonly string[];
  readonly ignoredGroups: readonly string[];
  readonly heldPackages: readonly string[];
  readonly checkSpace: boolean;
  /** What packages of a repository that is not configured must have. */
  readonly signatures: SignaturePolicy;
  readonly repositories: readonly RepositoryConfiguration[];
  /** The lines of [options], for a configuration that differs from the machine's in a few of them only. */
  readonly options: readonly string[];
}

/** pacman's own default. */
export const defaultConfigurationFile = "/etc/pacman.conf";

/** Reads a pacman.conf through pacman-conf. Throws with pacman's words when pacman itself cannot read it. */
export async function readConfiguration(file: string = defaultConfigurationFile): Promise<PacmanConfiguration> {
  const { code, output, errors } = await ask(["pacman-conf", "--config", file], { timeoutMs: 10_000 });
  if (code !== 0) throw new Error(`reading ${file} through pacman-conf (exit ${code}): ${errors.trim()}`);
  return parseConfiguration(file, output);
}

/** Takes apart what pacman-conf prints. */
export function parseConfiguration(file: string, text: string): PacmanConfiguration {
  const sections = sectionsOf(text);
  const options = sections.find(({ name }) => name === "options")?.lines ?? [];
  const all = (key: string): readonly string[] => valuesOf(options, key);
  const rootDir = all("RootDir")[0] ?? "/";
  const sigLevel = all("SigLevel");
  return {
    file,
    command: commandFor(rootDir),
    rootDir: rootDir === "/" ? "/" : trimSlash(rootDir),
    dbPath: trimSlash(all("DBPath")[0] ?? "/var/lib/pacman"),
    cacheDirs: all("CacheDir").map(trimSlash),
    hookDirs: all("HookDir").map(trimSlash),
    logFile: all("LogFile")[0] ?? "/var/log/pacman.log",
    architectures: all("Architecture"),
    ignoredPackages: all("IgnorePkg"),
    ignoredGroups: all("IgnoreGroup"),
    heldPackages: all("HoldPkg"),
    checkSpace: options.includes("CheckSpace"),
    signatures: policyOf("Package", sigLevel),
    repositories: sections
      .filter(({ name }) => name !== "options")
      .map(({ name, lines }) => {
        const own = valuesOf(lines, "SigLevel");
        const words = own.length > 0 ? own : sigLevel;
        const packageSigLevel = words.filter((word) => !word.startsWith("Database"));
        return {
          name,
          servers: [...valuesOf(lines, "CacheServer"), ...valuesOf(lines, "Server")].map(trimSlash),
          signatures: policyOf("Package", words),
          databaseSignatures: policyOf("Database", words),
          packageSigLevel,
        };
      }),
    options,
  };
}

function sectionsOf(text: string): readonly { readonly name: string; readonly lines: readonly string[] }[] {
  const sections: { name: string; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const header = /^\[(.+)\]$/.exec(line);
    if (header?.[1] !== undefined) sections.push({ name: header[1], lines: [] });
    else if (line !== "") sections.at(-1)?.lines.push(line);
  }
  return sections;
}

function valuesOf(lines: readonly string[], key: string): readonly string[] {
  const start = `${key} = `;
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
}

function policyOf(kind: "Package" | "Database", words: readonly string[]): SignaturePolicy {
  const policies = {
    [`${kind}Never`]: "never",
    [`${kind}Required`]: "required",
    [`${kind}Optional`]: "optional",
  } as const;
  const last = words.findLast((word) => word in policies);
  return last === undefined ? "optional" : (policies[last] ?? "optional");
}

function trimSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

/** Without root a folder of one's own can still be a root, inside a user namespace. */
function commandFor(rootDir: string): readonly string[] {
  const me = process.getuid?.();
  if (me === 0) return ["pacman"];
  const owner = statSync(rootDir, { throwIfNoEntry: false })?.uid;
  return owner === me && rootDir !== "/" ? ["unshare", "-Ur", "pacman"] : ["pacman"];
}
