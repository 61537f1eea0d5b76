// Hands over to the WayBar module, which always prints a line. Loaded without the rest of the CLI when a bar asks: it must
// not import yargs or the terminal.
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ConnectionOptions } from "../rpc/connection.ts";
import { connectionOptions, resolveAccess } from "./connect.ts";
import type { GlobalOptions } from "./options.ts";
import type { Environment, Profile } from "./profile.ts";
import { agentRunDirs } from "./this-endpoint.ts";
import { UsageError } from "./usage-error.ts";

export interface BarWish {
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
    const { values } = parseArgs({
      args: words.slice(1),
      options: {
        once: { type: "boolean" },
        fleet: { type: "boolean" },
        pool: { type: "string" },
        endpoint: { type: "string" },
      },
    });
    const { once = false, fleet = false, pool, endpoint } = values;
    const scopes = [fleet, pool !== undefined, endpoint !== undefined].filter(Boolean).length;
    return scopes > 1 || pool === "" || endpoint === "" ? undefined : { once, fleet, pool, endpoint };
  } catch {
    return undefined;
  }
}

export async function followBar(
  wish: BarWish,
  environment: Environment,
  signal: AbortSignal,
  options: GlobalOptions = NO_OPTIONS,
): Promise<void> {
  const { runWaybar } = await import("../waybar/main.ts");
  const { profile, connection } = wayToServer(options, environment);
  await runWaybar({
    once: wish.once,
    scope: scopeOf(wish),
    runDirs: await agentRunDirs(profile, environment),
    connection,
    endpoint: environment["PACPOOL_ENDPOINT"] ?? profile?.endpoint ?? "",
    cacheDir: cacheFolder(environment),
    meetingDir: meetingFolder(environment),
    stdout: process.stdout,
    signal,
  });
}

function scopeOf({ endpoint, pool, fleet }: BarWish) {
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

interface WayToServer {
  readonly profile: Profile | undefined;
  readonly connection: ConnectionOptions | undefined;
}

/** A bar without a server still shows its machine; only what was typed wrongly ends the verb. */
function wayToServer(options: GlobalOptions, environment: Environment): WayToServer {
  try {
    const access = resolveAccess(options, environment);
    const isReachable = access.isNamed && access.key !== undefined;
    return { profile: access.profile, connection: isReachable ? connectionOptions(access) : undefined };
  } catch (error) {
    if (error instanceof UsageError && (options.server !== undefined || options.config !== undefined)) throw error;
    return { profile: undefined, connection: undefined };
  }
}
