// Starts the server or the agent so that it stays: as a systemd service where the units are installed, else detached with a
// log file. Says how to stop it again.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Terminal } from "../terminal.ts";
import type { Aim } from "./aim.ts";

export type ProcessName = "server" | "agent";

export interface Started {
  readonly name: ProcessName;
  /** Where its words go, for people. */
  readonly log: string;
  /** Undefined while it runs; its exit code once it ended. */
  readonly ended: () => number | undefined;
  /** The end of its log. */
  readonly words: () => string;
}

/** Enough of a log to see why it ended. */
const LOG_TAIL_BYTES = 2_000;

export function startProcess(name: ProcessName, aim: Aim, words: readonly string[], terminal: Terminal): Started {
  return aim.isUsual && hasUnit(name) ? startUnit(name, terminal) : startDetached(name, aim, words, terminal);
}

function hasUnit(name: ProcessName): boolean {
  if (!existsSync("/run/systemd/system")) return false;
  return spawnSync("systemctl", ["cat", `pacpool-${name}.service`], { stdio: "ignore" }).status === 0;
}

function startUnit(name: ProcessName, terminal: Terminal): Started {
  const unit = `pacpool-${name}.service`;
  const result = spawnSync("systemctl", ["enable", "--now", unit], { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`systemctl enable --now ${unit} failed: ${result.stderr.trim()}`);
  terminal.note(`The ${name} runs as ${unit} (systemctl stop ${unit}).`);
  return {
    name,
    log: `journalctl -u ${unit}`,
    ended: () => (spawnSync("systemctl", ["is-failed", "--quiet", unit]).status === 0 ? 1 : undefined),
    words: () => spawnSync("journalctl", ["-u", unit, "-n", "20", "--no-pager"], { encoding: "utf8" }).stdout,
  };
}

/** Runs the same program as this one, in its own session, so that it outlives the terminal. */
function startDetached(name: ProcessName, aim: Aim, words: readonly string[], terminal: Terminal): Started {
  const folder = join(aim.stateDir, "log");
  // The embedded database runs as a user of its own, who must get through.
  mkdirSync(aim.stateDir, { recursive: true, mode: 0o711 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = join(folder, `${name}.log`);
  const output = openSync(log, "a", 0o600);
  const program = process.argv[1] ?? "";
  const child: ChildProcess = spawn(process.execPath, [...process.execArgv, program, name, ...words], {
    detached: true,
    stdio: ["ignore", output, output],
    cwd: "/",
    env: ownEnvironment(aim),
  });
  closeSync(output);
  let code: number | undefined;
  child.once("exit", (exitCode) => {
    code = exitCode ?? 1;
  });
  child.unref();
  const pid = String(child.pid ?? 0);
  writeFileSync(join(aim.stateDir, `${name}.pid`), `${pid}\n`, { mode: 0o644 });
  terminal.note(`The ${name} runs as process ${pid} (kill ${pid} stops it; its log is ${log}).`);
  return { name, log, ended: () => code, words: () => tail(log) };
}

/** What is meant for a person's verbs must not aim the process elsewhere, and it needs no operator's key. */
function ownEnvironment(aim: Aim): NodeJS.ProcessEnv {
  const person = /^PACPOOL_(SERVER|CA|KEY|KEY_FILE|PROFILE|CONFIG|ENDPOINT|POOL)$/;
  const kept = Object.entries(process.env).filter(([name]) => !person.test(name));
  return { ...Object.fromEntries(kept), PACPOOL_STATE_DIR: aim.stateDir };
}

function tail(path: string): string {
  try {
    return readFileSync(path, "utf8").slice(-LOG_TAIL_BYTES);
  } catch {
    return "";
  }
}
