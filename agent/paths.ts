// Where the agent's files lie by default. Must not know what is inside them.
import { join } from "node:path";

/** What the defaults depend on, taken from the process by the caller. */
export interface PathSurroundings {
  readonly userId: number;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** /var/lib/pacpool for root, else below the user's XDG state folder. */
export function defaultStateDir(surroundings: PathSurroundings): string {
  if (surroundings.userId === 0) {
    return "/var/lib/pacpool";
  }
  const state = surroundings.environment["XDG_STATE_HOME"];
  return join(state === undefined || state === "" ? join(surroundings.home, ".local/state") : state, "pacpool");
}

/**
 * /run/pacpool for root, else below the user's XDG runtime folder. An agent with a state folder of its own keeps its
 * socket there as well: two agents on one machine must not answer for each other.
 */
export function defaultRunDir(surroundings: PathSurroundings, stateDir: string): string {
  if (stateDir !== defaultStateDir(surroundings)) {
    return join(stateDir, "run");
  }
  if (surroundings.userId === 0) {
    return "/run/pacpool";
  }
  const runtime = surroundings.environment["XDG_RUNTIME_DIR"];
  return runtime === undefined || runtime === "" ? join(stateDir, "run") : join(runtime, "pacpool");
}

/** The surroundings of this process. */
export function ownSurroundings(): PathSurroundings {
  return { userId: process.getuid?.() ?? -1, home: process.env["HOME"] ?? "/", environment: process.env };
}
