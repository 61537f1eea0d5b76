// The pacman.conf of a plan: the machine's own, with only repositories, CacheDir, IgnorePkg and IgnoreGroup replaced.
// NoUpgrade, NoExtract, hooks and CheckSpace are the owner's and stay. DownloadUser goes: this pacman downloads nothing, and
// pacman 7 refuses everything when there is no such user.
import type { PacmanConfiguration } from "./configuration.ts";
import { planDatabaseOf } from "./plan-database.ts";

/** Paths of a simulation: everything that pacman would write goes there. */
export interface SimulationPaths {
  readonly rootDir: string;
  readonly dbPath: string;
}

export interface PlanConfigurationOptions {
  /** The one folder that holds the plan's package files. */
  readonly cacheDir: string;
  /** Repositories that packages of the plan come from. */
  readonly repositories: readonly string[];
  readonly simulation?: SimulationPaths & { /** Stubs are not signed. */ readonly hasStubs: boolean };
}

/** Writes the text of the configuration. */
export function planConfiguration(machine: PacmanConfiguration, options: PlanConfigurationOptions): string {
  const { simulation } = options;
  const replaced = [
    "CacheDir",
    "IgnorePkg",
    "IgnoreGroup",
    "DownloadUser",
    ...(simulation === undefined ? [] : simulatedKeys),
  ];
  const kept = machine.options.filter((line) => {
    const key = line.split(" = ", 1)[0] ?? line;
    return !replaced.includes(key);
  });
  return `${[
    "[options]",
    ...kept,
    `CacheDir = ${options.cacheDir}/`,
    ...(simulation === undefined ? [] : simulatedLines(simulation)),
    ...options.repositories.flatMap((name) => [
      `[${planDatabaseOf(name)}]`,
      ...sigLevels(machine, name, simulation?.hasStubs === true),
      // pacman wants one; nothing is ever fetched from it.
      "Server = file:///nonexistent",
    ]),
  ].join("\n")}\n`;
}

const simulatedKeys = ["RootDir", "DBPath", "LogFile", "HookDir", "CheckSpace"];

function simulatedLines({ rootDir, dbPath }: SimulationPaths): readonly string[] {
  return [
    `RootDir = ${rootDir}`,
    `DBPath = ${dbPath}/`,
    `LogFile = ${dbPath}/pacman.log`,
    `HookDir = ${dbPath}/hooks/`,
  ];
}

/** The repository's own demands on packages; our databases are not signed, pacpool's own transition package neither. */
function sigLevels(machine: PacmanConfiguration, repository: string, hasStubs: boolean): readonly string[] {
  const found = machine.repositories.find(({ name }) => name === repository);
  if (hasStubs || repository === "transition") return ["SigLevel = Never"];
  // A repository that the machine no longer has: what [options] demands of every package.
  const words = found?.packageSigLevel ?? defaultSigLevel(machine);
  return [...words.map((word) => `SigLevel = ${word}`), "SigLevel = DatabaseNever"];
}

function defaultSigLevel(machine: PacmanConfiguration): readonly string[] {
  return machine.options
    .filter((line) => line.startsWith("SigLevel = Package"))
    .map((line) => line.slice("SigLevel = ".length));
}
