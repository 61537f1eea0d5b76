// Which machine a person at its console means, and where its state and pacman.conf lie: this one, or a system that is
// mounted below a folder. Must not know what is done with it.
import { existsSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { type AgentConfig, type ConfigFlags, ConfigurationError, loadAgentConfig } from "../config.ts";
import { readConfiguration } from "../pacman/configuration.ts";
import { writeMountedConfiguration } from "../pacman/mounted-configuration.ts";
import { ownSurroundings } from "../paths.ts";
import { requireWholeSystem } from "./mounted-parts.ts";

export interface AloneAim {
  readonly config: AgentConfig;
  /** Absolute; undefined means this machine itself. */
  readonly mountedAt: string | undefined;
}

/** Throws ConfigurationError for a folder that holds no system with pacman, NotMountedError for half of one. */
export async function aimAlone(flags: ConfigFlags, mounted: string | undefined): Promise<AloneAim> {
  return mounted === undefined ? { config: loadAgentConfig(flags), mountedAt: undefined } : await aimMounted(mounted);
}

/** No flag and no variable of the host holds there: the mounted system's own agent.toml says where things are. */
async function aimMounted(mounted: string): Promise<AloneAim> {
  const directory = directoryAt(mounted);
  requireWholeSystem(directory);
  const settings = join(directory, "etc/pacpool/agent.toml");
  const surroundings = { ...ownSurroundings(), userId: 0, environment: {} };
  const own = loadAgentConfig({ config: existsSync(settings) ? settings : "/dev/null" }, surroundings);
  const stateDir = join(directory, own.stateDir);
  if (!existsSync(stateDir)) {
    throw new ConfigurationError(
      `${stateDir} does not exist: no agent of pacpool has worked on the system below ${directory}`,
    );
  }
  if (!existsSync(join(directory, own.pacmanConfig))) {
    throw new ConfigurationError(`${join(directory, own.pacmanConfig)} does not exist; is the system's root mounted?`);
  }
  const pacmanConfig = join(stateDir, "mounted.conf");
  await writeMountedConfiguration({ directory, configurationFile: own.pacmanConfig }, pacmanConfig);
  return { config: { ...own, stateDir, runDir: join(directory, own.runDir), pacmanConfig }, mountedAt: directory };
}

function directoryAt(path: string): string {
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isDirectory) throw new ConfigurationError(`--root ${path} is not a folder; give where the system is mounted`);
  const directory = realpathSync(path);
  if (directory === "/") throw new ConfigurationError("--root is for another system; leave it out for this one");
  return directory;
}

/** Why this user cannot change that machine; undefined when nothing speaks against it. */
export async function rightsProblem({ config }: AloneAim): Promise<string | undefined> {
  const me = process.getuid?.();
  if (me === 0) return undefined;
  const { rootDir } = await readConfiguration(config.pacmanConfig);
  const owner = statSync(rootDir, { throwIfNoEntry: false })?.uid;
  return rootDir !== "/" && owner === me ? undefined : `changing the packages of ${rootDir} needs root`;
}
