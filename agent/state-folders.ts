// Where below the state folder the pacman side of the agent keeps what. Names only.
import { join } from "node:path";

/** Plans with all that their execution needs. */
export function plansDirOf(stateDir: string): string {
  return join(stateDir, "plans");
}

/** Package files of what is and was installed, so that the way back needs no mirror. */
export function keptPackagesDirOf(stateDir: string): string {
  return join(stateDir, "packages");
}

/** Copies for simulations; each is deleted when its simulation ends. */
export function scratchDirOf(stateDir: string): string {
  return join(stateDir, "scratch");
}
