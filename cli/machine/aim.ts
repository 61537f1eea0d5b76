// Where init and join put things on this machine: state, configuration, logs. Two machines-in-folders on one computer must
// not meet, so everything follows the state folder when one is given.
import { isAbsolute, join, resolve } from "node:path";
import { defaultStateDir, ownSurroundings } from "../../agent/paths.ts";
import type { Environment } from "../profile.ts";

export interface Aim {
  readonly stateDir: string;
  /** The machine's usual places: /etc/pacpool and systemd apply. */
  readonly isUsual: boolean;
  readonly serverConfig: string;
  readonly agentConfig: string;
  /** Of the root that is managed; undefined means the machine's own. */
  readonly pacmanConfig: string | undefined;
}

export interface AimOptions {
  readonly stateDir: string | undefined;
  readonly pacmanConfig: string | undefined;
}

export function findAim(options: AimOptions, environment: Environment): Aim {
  const surroundings = { ...ownSurroundings(), environment };
  const usual = defaultStateDir(surroundings);
  const named = options.stateDir ?? nonEmpty(environment["PACPOOL_STATE_DIR"]);
  const stateDir = named === undefined ? usual : isAbsolute(named) ? named : resolve(named);
  const isUsual = surroundings.userId === 0 && stateDir === usual;
  const folder = isUsual ? "/etc/pacpool" : stateDir;
  return {
    stateDir,
    isUsual,
    serverConfig: join(folder, "server.toml"),
    agentConfig: join(folder, "agent.toml"),
    pacmanConfig: options.pacmanConfig === undefined ? undefined : resolve(options.pacmanConfig),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}
