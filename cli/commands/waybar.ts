// `pacpool waybar`: hands over to the WayBar module, which always prints a line and exits 0, except for bad arguments.
import { homedir } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions } from "../../rpc/connection.ts";
import { connectionOptions, resolveAccess } from "../connect.ts";
import { EXIT } from "../exit-code.ts";
import type { Profile } from "../profile.ts";
import { agentRunDirs } from "../this-endpoint.ts";
import { UsageError } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

export const waybarVerbs = {
  follow: verb({
    options: (yargs) =>
      yargs
        .option("once", { type: "boolean", default: false, describe: "one line, then end" })
        .option("endpoint", { type: "string", requiresArg: true, describe: "another machine, from the server" })
        .option("pool", { type: "string", requiresArg: true, describe: "a pool, from the server" })
        .option("fleet", { type: "boolean", default: false, describe: "all pools, from the server" })
        .conflicts({ endpoint: ["pool", "fleet"], pool: ["fleet"] })
        .example("$0 waybar", "what WayBar runs: one JSON line per change")
        .example("$0 waybar --once --pool main", "one line for a pool"),
    run: async (context) => {
      const { endpoint, pool, fleet, once } = context.options;
      const { runWaybar } = await import("../../waybar/main.ts");
      const { environment, signal } = context;
      const { profile, connection } = wayToServer(context);
      const cache = environment["XDG_CACHE_HOME"];
      await runWaybar({
        once,
        scope:
          endpoint !== undefined
            ? { kind: "endpoint", endpoint }
            : pool !== undefined
              ? { kind: "pool", pool }
              : fleet
                ? { kind: "fleet" }
                : { kind: "this" },
        runDirs: await agentRunDirs(profile, environment),
        connection,
        endpoint: environment["PACPOOL_ENDPOINT"] ?? profile?.endpoint ?? "",
        cacheDir: join(
          cache === undefined || cache === "" ? join(environment["HOME"] ?? homedir(), ".cache") : cache,
          "pacpool",
        ),
        stdout: process.stdout,
        signal,
      });
      return EXIT.done;
    },
  }),

  config: verb({
    options: (yargs) => yargs.example("$0 waybar config", "paste it into ~/.config/waybar/config.jsonc"),
    run: async ({ terminal }) => {
      const { sampleConfig } = await import("../../waybar/sample.ts");
      terminal.print(sampleConfig("pacpool").trimEnd());
      return undefined;
    },
  }),

  style: verb({
    options: (yargs) => yargs.example("$0 waybar style", "paste it into ~/.config/waybar/style.css"),
    run: async ({ terminal }) => {
      const { sampleStyle } = await import("../../waybar/sample.ts");
      terminal.print(sampleStyle().trimEnd());
      return undefined;
    },
  }),
} as const;

interface WayToServer {
  readonly profile: Profile | undefined;
  readonly connection: ConnectionOptions | undefined;
}

/** A bar without a server still shows its machine; only what was typed wrongly ends the verb. */
function wayToServer({ options, environment }: Context): WayToServer {
  try {
    const access = resolveAccess(options, environment);
    const isReachable = access.isNamed && access.key !== undefined;
    return { profile: access.profile, connection: isReachable ? connectionOptions(access) : undefined };
  } catch (error) {
    if (error instanceof UsageError && (options.server !== undefined || options.config !== undefined)) throw error;
    return { profile: undefined, connection: undefined };
  }
}
