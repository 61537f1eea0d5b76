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

// A stop of the scope, as every shutdown brings one, must not reach pacman as SIGTERM, which leaves torn entries: SIGCONT does
// nothing, and whoever stops it waits. File systems stay mounted until then.
const PATIENT = ["KillSignal=SIGCONT", "TimeoutStopSec=1h", "After=local-fs.target"].map(
  (text) => `--property=${text}`,
);
const PROBE_MS = 5_000;

/** Words to put before the transaction's command; empty without systemd and for other roots than the running system's. */
export async function shelterFor(options: ShelterOptions): Promise<readonly string[]> {
  const { rootDir, operationId, systemdDir = SYSTEMD_DIR, folder = "" } = options;
  if (rootDir !== "/" || !existsSync(systemdDir)) return [];
  const plain = [join(folder, "systemd-run"), "--scope", "--collect", "--quiet"];
  // Names are kept short and plain whatever an id is.
  const unit = `--unit=pacpool-${operationId.replaceAll(/[^\w-]/g, "").slice(0, 40)}`;
  const scope = await firstThatWorks([[...plain, ...PATIENT], plain]);
  const scoped = scope === undefined ? [] : [...scope, unit];
  const inhibitor = await firstThatWorks(
    ["block", "delay"].map((mode) => [
      join(folder, "systemd-inhibit"),
      `--mode=${mode}`,
      "--what=shutdown:sleep:idle:handle-lid-switch",
      "--who=pacpool",
      "--why=packages are being changed",
    ]),
  );
  return [...scoped, ...(inhibitor ?? [])];
}

async function firstThatWorks(candidates: readonly (readonly string[])[]): Promise<readonly string[] | undefined> {
  for (const candidate of candidates) {
    if (await works([...candidate, "true"])) return candidate;
  }
  return undefined;
}

async function works(command: readonly string[]): Promise<boolean> {
  return ask(command, { timeoutMs: PROBE_MS }).then(
    ({ code }) => code === 0,
    () => false,
  );
}
