// Starts a program that outlives whoever started it. A bar sends SIGTERM to the process groups of what it runs when a
// monitor goes or it is reloaded, and a session's service manager ends everything in the bar's control group.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Environment, findProgram } from "./terminal-program.ts";

/** A user manager answers within some tens of milliseconds; one that hangs must not make a click hang. */
const PROBE_TIMEOUT_MS = 2_000;

export type StartedBy = "user-manager" | "own-session";

/**
 * Runs `command` in a scope of the user's service manager where there is one, else only in a session of its own whose
 * parent is gone at once. Rejects when the program cannot be started.
 */
export async function startApart(command: readonly string[], environment: Environment): Promise<StartedBy> {
  const scope = await scopePrefix(environment);
  const [program = "", ...args] = [...scope, ...command];
  // A session of its own is a process group of its own: the signals of the bar do not reach it. This process ends and
  // leaves it to init. Its output must not end with the bar's pipe.
  const child = spawn(program, args, { detached: true, stdio: "ignore", env: { ...environment } });
  const failed = once(child, "error").then(([error]) => {
    throw error;
  });
  await Promise.race([once(child, "spawn"), failed]);
  child.unref();
  return scope.length === 0 ? "own-session" : "user-manager";
}

/** Empty where no user manager can make a scope. */
async function scopePrefix(environment: Environment): Promise<readonly string[]> {
  const runtime = environment["XDG_RUNTIME_DIR"] ?? "";
  const path = findProgram("systemd-run", environment);
  if (path === undefined || runtime === "" || !existsSync(join(runtime, "systemd/private"))) return [];
  // A scope, not a service: the program keeps this environment, with the display and the terminal that were chosen.
  const prefix = [path, "--user", "--scope", "--collect", "--quiet", "--slice=app.slice", "--"];
  return (await succeeds([...prefix, "true"], environment)) ? prefix : [];
}

/** A manager that is there may still refuse, for example without a delegated control group. */
function succeeds([program = "", ...args]: readonly string[], environment: Environment): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = spawn(program, args, { stdio: "ignore", timeout: PROBE_TIMEOUT_MS, env: { ...environment } });
    probe.once("error", () => {
      resolve(false);
    });
    probe.once("close", (code) => {
      resolve(code === 0);
    });
  });
}
