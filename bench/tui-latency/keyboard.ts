// A program in a pseudo-terminal, its keys and its frames: how long after a key the terminal was told what it changed, and
// what that cost the program in CPU.
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";

export interface Played {
  readonly latenciesMs: readonly number[];
  /** While keys were pressed, and per key of it; and in as long a time without any. */
  readonly cpuMs: number;
  readonly idleCpuMs: number;
  readonly idleMs: number;
}

export interface Seat extends AsyncDisposable {
  /** Presses `key` once for every text of `frames` and waits for each of them; then rests as long as that took. */
  readonly play: (key: string, frames: readonly string[]) => Promise<Played>;
  /** When the screen shows the text, on the clock of `performance`; call it before what makes it so. */
  readonly shows: (text: string) => Promise<number>;
  /** CPU in ms and voluntary context switches while nothing is pressed. */
  readonly rest: (ms: number) => Promise<{ readonly cpuMs: number; readonly wakeUps: number }>;
}

export interface SeatOptions {
  readonly command: readonly [string, ...(readonly string[])];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What the screen shows once the program is ready. */
  readonly ready: string;
  readonly columns?: number;
  readonly rows?: number;
}

/** A person presses a key about that often; a frame of sixty a second lies well within. */
const BETWEEN_KEYS_MS = 45;
const LONGEST_WAIT_MS = 20_000;

export async function openSeat(options: SeatOptions): Promise<Seat> {
  const { command, env, cwd, ready, columns = 120, rows = 50 } = options;
  const [program, ...args] = command;
  const child = pty.spawn(program, args, {
    name: "xterm-256color",
    cols: columns,
    rows,
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const screen = openScreen(child, columns, rows);
  await screen.shows(ready);
  // Its first second is start-up: compiling, the first data.
  await sleep(1_500);
  return {
    play: async (key, frames) => {
      const latenciesMs: number[] = [];
      const before = usageOf(child.pid);
      const startedAtMs = performance.now();
      for (const frame of frames) {
        const shown = screen.shows(frame);
        const pressedAtMs = performance.now();
        child.write(key);
        latenciesMs.push((await shown) - pressedAtMs);
        await sleep(BETWEEN_KEYS_MS);
      }
      const between = usageOf(child.pid);
      const idleMs = performance.now() - startedAtMs;
      await sleep(idleMs);
      const after = usageOf(child.pid);
      return { latenciesMs, cpuMs: between.cpuMs - before.cpuMs, idleCpuMs: after.cpuMs - between.cpuMs, idleMs };
    },
    shows: screen.shows,
    rest: async (ms) => {
      const before = usageOf(child.pid);
      await sleep(ms);
      const after = usageOf(child.pid);
      return { cpuMs: after.cpuMs - before.cpuMs, wakeUps: after.wakeUps - before.wakeUps };
    },
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise<void>((resolve) => {
        child.onExit(() => resolve());
      });
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await ended;
      clearTimeout(timer);
      screen.emulator.dispose();
    },
  };
}

interface Screen {
  readonly emulator: InstanceType<typeof xterm.Terminal>;
  /** When it showed the text, on the clock of `performance`. Throws after a while. */
  readonly shows: (text: string) => Promise<number>;
}

function openScreen(child: pty.IPty, columns: number, rows: number): Screen {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let awaited: { readonly text: string; readonly found: () => void } | undefined;
  const look = (): void => {
    if (awaited !== undefined && textOf(emulator).includes(awaited.text)) awaited.found();
  };
  child.onData((data) => emulator.write(data, look));
  const shows = (text: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`waited for "${text}" in vain; the screen shows:\n${textOf(emulator)}`));
      }, LONGEST_WAIT_MS);
      awaited = {
        text,
        found: () => {
          clearTimeout(timer);
          awaited = undefined;
          resolve(performance.now());
        },
      };
    });
  return { emulator, shows };
}

function textOf({ buffer, rows }: InstanceType<typeof xterm.Terminal>): string {
  const { active } = buffer;
  const lines = Array.from({ length: rows }, (_, row) => active.getLine(active.viewportY + row)?.translateToString());
  return lines.join("\n");
}

/** Of all threads: time on a processor in ms, and how often one waited for something and was woken. */
function usageOf(pid: number): { readonly cpuMs: number; readonly wakeUps: number } {
  let cpuMs = 0;
  let wakeUps = 0;
  for (const task of readdirSync(`/proc/${String(pid)}/task`)) {
    const folder = `/proc/${String(pid)}/task/${task}`;
    cpuMs += Number(readFileSync(`${folder}/schedstat`, "utf8").split(" ")[0]) / 1_000_000;
    wakeUps += Number(/^voluntary_ctxt_switches:\s+(\d+)$/mu.exec(readFileSync(`${folder}/status`, "utf8"))?.[1] ?? 0);
  }
  return { cpuMs, wakeUps };
}
