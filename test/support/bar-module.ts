// The bar's module as WayBar runs it: the built program, its lines read by WayBar's contract.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ReadLine, readWaybarLine } from "./waybar-contract.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

export interface BarModule {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly lines: () => readonly ReadLine[];
  readonly last: () => ReadLine | undefined;
  /** What it said on stderr: WayBar shows it to nobody. */
  readonly complaints: () => string;
}

/** A person of their own, whom nothing of this machine's surroundings reaches. */
export function barEnvironment(folder: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PACPOOL|XDG)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOME: folder,
    XDG_CACHE_HOME: join(folder, "cache"),
    XDG_CONFIG_HOME: join(folder, "config"),
    XDG_RUNTIME_DIR: join(folder, "run"),
    ...more,
  };
}

/** Every line is checked when it is read: one that WayBar would not take throws there. */
export function startBarModule(env: NodeJS.ProcessEnv, ...args: readonly string[]): BarModule {
  const child = spawn(env["BAR_LAUNCHER"] ?? launcher, ["waybar", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  let complaints = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (complaints += part));
  const lines = () => text.split("\n").slice(0, -1).map(readWaybarLine);
  return { child, pid: child.pid ?? 0, lines, last: () => lines().at(-1), complaints: () => complaints };
}

export async function printBarOnce(
  env: NodeJS.ProcessEnv,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly line: ReadLine | undefined; readonly complaints: string }> {
  const module = startBarModule(env, "--once", ...args);
  await once(module.child, "close");
  return { code: module.child.exitCode, line: module.last(), complaints: module.complaints() };
}

/** Which of the processes hold a connection to that port of this machine, by their ids. */
export function connectedTo(port: number, pids: readonly number[]): readonly number[] {
  const ESTABLISHED = "01";
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = new Set(
    ["tcp", "tcp6"].flatMap((file) =>
      readFileSync(`/proc/net/${file}`, "utf8")
        .split("\n")
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , remote = "", state]) => remote.endsWith(`:${hex}`) && state === ESTABLISHED)
        .map((columns) => columns[9]),
    ),
  );
  return pids.filter((pid) => socketsOf(pid).some((inode) => inodes.has(inode)));
}

function socketsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${String(pid)}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${String(pid)}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
