// What a transaction is started under where systemd runs: a scope of its own, so that stopping the agent's unit does not stop
// pacman, and an inhibitor, so that nobody shuts the machine down or closes its lid over it. Where either cannot be had the
// transaction goes on without: its own session already outlives the agent.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./process.ts";

export interface ShelterOptions {
  readonly rootDir: string;
  readonly operationId: string;
  /** There while systemd is the machine's init. */
  readonly systemdDir?: string;
  /** Where its programs lie; the search path finds them otherwise. */
  readonly folder?: string;
}

const SYSTEMD_DIR = "/run/systemd/system";
const PROBE_MS = 5_000;

/** Words to put before the transaction's command; empty without systemd and for other roots than the running system's. */
export async function shelterFor(options: ShelterOptions): Promise<readonly string[]> {
  const { rootDir, operationId, systemdDir = SYSTEMD_DIR, folder = "" } = options;
  if (rootDir !== "/" || !existsSync(systemdDir)) return [];
  const scope = [join(folder, "systemd-run"), "--scope", "--collect", "--quiet"];
  // Names are kept short and plain whatever an id is.
  const unit = `--unit=pacpool-${operationId.replaceAll(/[^\w-]/g, "").slice(0, 40)}`;
  const scoped = (await works([...scope, "true"])) ? [...scope, unit] : [];
  for (const mode of ["block", "delay"]) {
    const inhibitor = [
      join(folder, "systemd-inhibit"),
      `--mode=${mode}`,
      "--what=shutdown:sleep:idle:handle-lid-switch",
      "--who=pacpool",
      "--why=packages are being changed",
    ];
    if (await works([...inhibitor, "true"])) return [...scoped, ...inhibitor];
  }
  return scoped;
}

async function works(command: readonly string[]): Promise<boolean> {
  return ask(command, { timeoutMs: PROBE_MS }).then(
    ({ code }) => code === 0,
    () => false,
  );
}
