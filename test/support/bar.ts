// A real WayBar under a headless sway, in a folder of its own. Both refuse to run as root: they get a user of their own.
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "./eventually.ts";
import { openPointer, type VirtualPointer } from "./virtual-pointer.ts";

export interface BarOptions {
  /** The custom module, as in WayBar's configuration. */
  readonly module: Readonly<Record<string, unknown>>;
  readonly style: string;
  /** For WayBar and its modules. */
  readonly env?: Readonly<Record<string, string>>;
  /** Pixels, "WIDTHxHEIGHT"; default 800x200. */
  readonly size?: string;
  /** Further modules of the bar, by their place. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface Bar extends AsyncDisposable {
  /** Red, green and blue of one pixel of the screen. */
  pixel(x: number, y: number): readonly [number, number, number];
  /** Saves the screen, or the part "X,Y WxH" of it, as PNG. */
  screenshot(file: string, part?: string): void;
  /** Runs a program on the desktop below the bar until everything ends. */
  open(command: readonly string[], env?: Readonly<Record<string, string>>): void;
  /** What WayBar said. */
  log(): string;
  /** Ends WayBar alone, as a reload of the desktop does. */
  killBar(): Promise<void>;
  /** Another one after that. */
  startBar(): void;
  /** To WayBar itself; SIGUSR2 makes it read its configuration again. */
  signalBar(signal: NodeJS.Signals): void;
  /** A command of sway, for example "create_output" for another monitor to the right. */
  command(words: string): void;
  /** Red, green and blue of every pixel of "X,Y WxH", row by row. */
  pixels(part: string): Buffer;
  /** The same without holding this process up, and as soon as it can be had. */
  capture(part: string): Promise<Buffer>;
  /** A mouse, on the first monitor as long as it is the only one. */
  pointer(): Promise<VirtualPointer>;
}

const USER = "pacpool-test";
const run = promisify(execFile);

/** Opens sway and WayBar; about half a second. */
export async function openBar(options: BarOptions): Promise<Bar> {
  const desktop = openDesktop(options);
  const { directory, runtime } = desktop;
  const sway = desktop.start(["dbus-run-session", "--", "sway", "-c", join(directory, "sway.conf")]);
  const display = await eventually("a display of sway", () => {
    if (sway.exitCode !== null) throw new Error(`sway ended: ${desktop.log()}`);
    return readdirSync(runtime).find((name) => /^wayland-\d+$/.test(name));
  });
  const wayland = { WAYLAND_DISPLAY: display };
  const files = ["-c", join(directory, "config.json"), "-s", join(directory, "style.css")];
  const startBar = (): ChildProcess => desktop.start(["dbus-run-session", "--", "waybar", ...files], wayland);
  let bar = startBar();
  const grim = (...args: readonly string[]): Buffer => {
    const [program = "", ...rest] = [...desktop.user, "grim", ...args];
    const env = { ...desktop.env, ...wayland };
    return execFileSync(program, rest, { env, maxBuffer: 16 * 1024 * 1024, stdio: ["ignore", "pipe", "ignore"] });
  };
  const pixels = (part: string): Buffer => {
    const [width = 0, height = 0] = (part.split(" ")[1] ?? "").split("x").map(Number);
    return grim("-t", "ppm", "-g", part, "-").subarray(-3 * width * height);
  };
  return {
    pixels,
    pixel(x, y) {
      const [red = 0, green = 0, blue = 0] = pixels(`${String(x)},${String(y)} 1x1`);
      return [red, green, blue];
    },
    async capture(part) {
      const env = { ...desktop.env, ...wayland };
      const options = { env, encoding: "buffer", maxBuffer: 16 * 1024 * 1024 } as const;
      return (await run("grim", ["-t", "ppm", "-g", part, "-"], options)).stdout;
    },
    startBar: () => {
      bar = startBar();
    },
    signalBar(signal) {
      const isBar = (pid: number) => readFileSync(`/proc/${String(pid)}/comm`, "utf8").trim() === "waybar";
      for (const pid of descendants(bar.pid ?? 0).filter(isBar)) process.kill(pid, signal);
    },
    command(words) {
      const [program = "", ...rest] = desktop.user.concat("swaymsg", words);
      const socket = readdirSync(runtime).find((name) => name.startsWith("sway-ipc."));
      execFileSync(program, rest, { env: { ...desktop.env, SWAYSOCK: join(runtime, socket ?? "") }, stdio: "ignore" });
    },
    pointer: () => openPointer(join(runtime, display), sizeOf(options)),
    screenshot(file, part) {
      writeFileSync(file, grim(...(part === undefined ? [] : ["-g", part]), "-"));
    },
    open: (command, more = {}) => void desktop.start(command, { ...wayland, ...more }),
    log: desktop.log,
    killBar: () => end(bar),
    [Symbol.asyncDispose]: desktop.close,
  };
}

interface Desktop {
  readonly directory: string;
  readonly runtime: string;
  readonly env: NodeJS.ProcessEnv;
  /** The prefix that runs a command as the desktop's user. */
  readonly user: readonly string[];
  readonly start: (command: readonly string[], more?: NodeJS.ProcessEnv) => ChildProcess;
  readonly log: () => string;
  readonly close: () => Promise<void>;
}

/** Folders, configuration and user; nothing runs yet. */
function openDesktop(options: BarOptions): Desktop {
  const directory = mkdtempSync(join(tmpdir(), "pacpool-bar-"));
  const runtime = join(directory, "runtime");
  mkdirSync(runtime, { mode: 0o700 });
  const size = options.size ?? "800x200";
  const output = `output HEADLESS-1 resolution ${size} position 0 0\noutput * bg #202020 solid_color\n`;
  writeFileSync(join(directory, "sway.conf"), `${output}default_border none\n`);
  writeFileSync(join(directory, "style.css"), options.style);
  writeFileSync(join(directory, "config.json"), JSON.stringify(barConfiguration(options)));
  const user = ownUser(directory, [runtime]);
  const env = { ...process.env, ...options.env, ...headless(directory, runtime) };
  const running: ChildProcess[] = [];
  let log = "";
  const start = (command: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcess => {
    const [program = "", ...rest] = [...user, ...command];
    const child = spawn(program, rest, { env: { ...env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (part: string) => (log += part));
    }
    running.push(child);
    return child;
  };
  const close = async (): Promise<void> => {
    await Promise.all(running.map(end));
    rmSync(directory, { recursive: true, force: true });
  };
  return { directory, runtime, env, user, start, log: () => log, close };
}

/** What makes sway run without a screen, a graphics card and a seat. */
function headless(directory: string, runtime: string): NodeJS.ProcessEnv {
  return {
    HOME: directory,
    XDG_RUNTIME_DIR: runtime,
    // Where the session bus opens its socket.
    TMPDIR: runtime,
    WLR_BACKENDS: "headless",
    WLR_RENDERER: "pixman",
    WLR_LIBINPUT_NO_DEVICES: "1",
    LIBSEAT_BACKEND: "noop",
  };
}

function sizeOf({ size = "800x200" }: BarOptions): readonly [number, number] {
  const [width = 0, height = 0] = size.split("x").map(Number);
  return [width, height];
}

function barConfiguration({ module, more = {} }: BarOptions): object {
  const place = { layer: "top", position: "top", height: 30, "modules-left": ["custom/pacpool"] };
  return { ...place, "custom/pacpool": module, ...more };
}

/** As root: a user without a home, who owns the folders; the prefix that runs a command as that user. */
function ownUser(directory: string, owned: readonly string[]): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  if (!readFileSync("/etc/passwd", "utf8").includes(`\n${USER}:`)) execFileSync("useradd", ["-r", "-M", USER]);
  const id = Number(execFileSync("id", ["-u", USER], { encoding: "utf8" }).trim());
  for (const folder of [directory, ...owned]) chownSync(folder, id, -1);
  chmodSync(directory, 0o755);
  return ["runuser", "-u", USER, "--"];
}

/** TERM to the whole tree below: runuser and dbus-run-session pass it on late or not at all. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  for (const pid of descendants(child.pid).toReversed()) {
    try {
      process.kill(pid, "SIGTERM");
    } catch {
      // It ended in the meantime.
    }
  }
  await exited;
}

function descendants(pid: number): readonly number[] {
  const file = `/proc/${String(pid)}/task/${String(pid)}/children`;
  if (!existsSync(file)) return [];
  const children = readFileSync(file, "utf8")
    .split(" ")
    .filter((one) => one !== "")
    .map(Number);
  return [pid, ...children.flatMap(descendants)];
}
