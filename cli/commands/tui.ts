// `pacpool tui`: hands over to the screens.
import { connectionOptions, resolveAccess } from "../connect.ts";
import { tryThisEndpoint } from "../this-endpoint.ts";
import { UsageError } from "../usage-error.ts";
import { verb } from "../verb.ts";

export const tui = verb({
  options: (yargs) =>
    yargs
      .option("pool", { type: "string", requiresArg: true, describe: "start with this pool" })
      .example("$0 tui", "press ? for the keys"),
  run: async (context) => {
    const { options, environment, signal, terminal } = context;
    if (!process.stdin.isTTY || !terminal.isLive) {
      throw new UsageError("the screens need a terminal; `pacpool status` and `pacpool endpoint list` do not");
    }
    const access = resolveAccess(options, environment);
    const { runTui } = await import("../../tui/main.tsx");
    await runTui({
      connection: access.key === undefined ? undefined : connectionOptions(access),
      endpoint: await tryThisEndpoint(access, environment),
      pool: options.pool ?? access.profile.pool,
      hasColour: options.color && (environment["NO_COLOR"] ?? "") === "",
      signal,
    });
    return undefined;
  },
});
