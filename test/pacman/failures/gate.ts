// A scriptlet that says that it runs and waits for a word, so that something can be done to pacman at a known moment.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../../support/eventually.ts";
import type { Scene } from "./scene.ts";

export const WAITS = "post_upgrade() { : > /tmp/reached; read line < /tmp/gate; }\n";

export function makeGate({ root }: Scene): void {
  execFileSync(join(root.rootDir, "usr/bin/busybox"), ["mkfifo", join(root.rootDir, "tmp/gate")]);
}

export const reached = ({ root }: Scene): Promise<true> =>
  eventually("the scriptlet", () => existsSync(join(root.rootDir, "tmp/reached")) || undefined);

/** Lets one waiting scriptlet go on; waits for one to come when there is none. */
export const letGo = ({ root }: Scene): Promise<void> => writeFile(join(root.rootDir, "tmp/gate"), "go\n");

export function pacmanPid({ endpoint }: Scene, operationId: string): number {
  const runs = join(endpoint.stateDir, "operations", operationId, "runs");
  const run = readdirSync(runs).findLast((name) => name.endsWith("install")) ?? "";
  return Number(readFileSync(join(runs, run, "pid"), "utf8"));
}
