// Hands over to the WayBar module, which always prints a line, and starts it again when the configuration changes. Loaded
// without the rest of the CLI when a bar asks: it must not import yargs or the terminal.
import { type FSWatcher, watch, writeSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import type { LineFormat } from "../domain/status-line/status-line.ts";
import type { ConnectionOptions } from "../rpc/connection.ts";
import type { FollowOptions } from "../waybar/follow-summary.ts";
import type { LineStream } from "../waybar/output.ts";
import { type FormatWords, formatFromTable, formatFromWords } from "./bar-settings.ts";
import { connectionOptions, resolveAccess } from "./connect.ts";
import type { GlobalOptions } from "./options.ts";
import { type Environment, loadProfileFile, type Profile, profilePath } from "./profile.ts";
import { agentRunDirs } from "./this-endpoint.ts";
import { UsageError } from "./usage-error.ts";

export interface BarWish extends FormatWords {
  readonly once: boolean;
  readonly endpoint: string | undefined;
  readonly pool: string | undefined;
  readonly fleet: boolean;
}

const NO_OPTIONS: GlobalOptions = {
  server: undefined,
  ca: undefined,
  config: undefined,
  profile: undefined,
  output: "table",
  timeout: undefined,
  color: true,
  verbose: false,
};

/** The wish of `waybar` with its own options only; undefined when yargs has to have a look. */
export function parseBarWords(words: readonly string[]): BarWish | undefined {
  if (words[0] !== "waybar") return undefined;
  try {
    // Importing it would load all that it could give.
    const { parseArgs } = process.getBuiltinModule("node:util");
    const { values } = parseArgs({
      args: words.slice(1),
      options: {
        once: { type: "boolean" },
        fleet: { type: "boolean" },
        pool: { type: "string" },
        endpoint: { type: "string" },
        text: { type: "string" },
        tooltip: { type: "string" },
        "hide-in-sync": { type: "boolean" },
      },
    });
    const { once = false, fleet = false, pool, endpoint, text, tooltip } = values;
    const format = { text, tooltip, hideInSync: values["hide-in-sync"] };
    // Whatever is wrong with them is said by the rest of the command line.
    formatFromWords(format);
    const scopes = [fleet, pool !== undefined, endpoint !== undefined].filter(Boolean).length;
    return scopes > 1 || pool === "" || endpoint === "" ? undefined : { once, fleet, pool, endpoint, ...format };
  } catch {
    return undefined;
  }
}

/** Without a stream, which takes longer to make than everything else that one line needs. */
const ONE_LINE: LineStream = {
  write(text) {
    try {
      writeSync(1, text);
      return true;
    } catch {
      // Nobody reads, or not now: a stream waits for the second.
      return process.stdout.write(text);
    }
  },
  on: () => undefined,
  off: () => undefined,
};

/** After a defect the module tries again this late: it must neither hide nor spin. */
const AFTER_DEFECT_MS = 30_000;

/** Throws UsageError for what was typed wrongly; what is written wrongly in a file, and a defect, become a line. */
export async function followBar(
  wish: BarWish,
  environment: Environment,
  signal: AbortSignal,
  options: GlobalOptions = NO_OPTIONS,
): Promise<void> {
  const typed = formatFromWords(wish);
  // A reader that goes while the module starts again is found out at its next line.
  if (!wish.once) process.stdout.on("error", () => undefined);
  let isOver = false;
  while (!isOver) {
    try {
      isOver = await followOnce(wish, typed, environment, signal, options);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const { barLine } = await import("../domain/status-line/status-line.ts");
      (wish.once ? ONE_LINE : process.stdout).write(`${barLine(problemOf("defect", error), Date.now())}\n`);
      isOver = wish.once || signal.aborted;
      if (!isOver) await sleep(AFTER_DEFECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** False when the configuration changed, and all begins again. */
async function followOnce(
  wish: BarWish,
  typed: LineFormat,
  environment: Environment,
  signal: AbortSignal,
  options: GlobalOptions,
): Promise<boolean> {
  const { runWaybar } = await import("../waybar/main.ts");
  const { once } = wish;
  using change = watchConfiguration(once ? undefined : profilePath(options.config, environment));
  const settings = readSettings(options, environment);
  await runWaybar({
    ...(await followOptions(wish, environment, options, settings)),
    once,
    format: { ...settings.format, ...typed },
    mistake: settings.mistake,
    stdout: once ? ONE_LINE : process.stdout,
    signal: AbortSignal.any([signal, change.signal]),
  });
  return once || !change.signal.aborted || signal.aborted;
}

/** Whom and what the faces of a person's desktop follow. */
export async function followOptions(
  wish: Pick<BarWish, "endpoint" | "pool" | "fleet">,
  environment: Environment,
  options: GlobalOptions,
  settings: Settings = readSettings(options, environment),
): Promise<Omit<FollowOptions, "pulse" | "signal">> {
  const { profile, connection, problem } = settings;
  return {
    scope: scopeOf(wish),
    runDirs: await agentRunDirs(profile, environment),
    connection,
    problem,
    endpoint: environment["PACPOOL_ENDPOINT"] ?? profile?.endpoint ?? "",
    cacheDir: cacheFolder(environment),
    meetingDir: meetingFolder(environment),
  };
}

/** Aborts when the file is written, so that a mistake that is mended is gone from the bar at once. */
function watchConfiguration(path: string | undefined): Disposable & { readonly signal: AbortSignal } {
  const change = new AbortController();
  let watcher: FSWatcher | undefined;
  try {
    if (path !== undefined) {
      watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
        if (name === basename(path)) change.abort();
      });
      watcher.on("error", () => watcher?.close());
    }
  } catch {
    // There is no such folder: nothing is configured.
  }
  return { signal: change.signal, [Symbol.dispose]: () => watcher?.close() };
}

function scopeOf({ endpoint, pool, fleet }: Pick<BarWish, "endpoint" | "pool" | "fleet">) {
  if (endpoint !== undefined) return { kind: "endpoint", endpoint } as const;
  if (pool !== undefined) return { kind: "pool", pool } as const;
  return fleet ? ({ kind: "fleet" } as const) : ({ kind: "this" } as const);
}

function cacheFolder(environment: Environment): string {
  const cache = environment["XDG_CACHE_HOME"];
  const base = cache === undefined || cache === "" ? join(environment["HOME"] ?? homedir(), ".cache") : cache;
  return join(base, "pacpool");
}

/** Of this person, and gone with the session. */
function meetingFolder(environment: Environment): string {
  const runtime = environment["XDG_RUNTIME_DIR"];
  return runtime === undefined || runtime === "" ? cacheFolder(environment) : join(runtime, "pacpool");
}

type Problem = Extract<BarSummary, { kind: "problem" }>;

interface Settings {
  readonly profile: Profile | undefined;
  readonly connection: ConnectionOptions | undefined;
  /** Why there is no connection. */
  readonly problem: Problem | undefined;
  readonly format: LineFormat;
  /** What is wrong with the configuration file. */
  readonly mistake: Problem | undefined;
}

/** A bar without a server still shows its machine; only what was typed wrongly ends the verb. */
function readSettings(options: GlobalOptions, environment: Environment): Settings {
  let format: LineFormat = {};
  try {
    const file = loadProfileFile(options.config, environment);
    format = formatFromTable(file.path, file.waybar);
  } catch (error) {
    if (options.config !== undefined) throw error;
    const mistake = problemOf("config", error);
    return { profile: undefined, connection: undefined, problem: mistake, format, mistake };
  }
  try {
    const access = resolveAccess(options, environment);
    const { profile } = access;
    if (!access.isNamed && access.key === undefined) {
      return { profile, connection: undefined, problem: undefined, format, mistake: undefined };
    }
    return { profile, connection: connectionOptions(access), problem: undefined, format, mistake: undefined };
  } catch (error) {
    if (error instanceof UsageError && options.server !== undefined) throw error;
    const problem = problemOf(error instanceof UsageError ? "config" : "key", error);
    return { profile: undefined, connection: undefined, problem, format, mistake: undefined };
  }
}

function problemOf(problem: Problem["problem"], error: unknown): Problem {
  const why = error instanceof Error ? error.message : String(error);
  const advice = error instanceof Error && "advice" in error && typeof error.advice === "string" ? error.advice : "";
  return { kind: "problem", problem, sentence: advice === "" ? why : `${why}\n${advice}` };
}
