// What the clicks of the WayBar module do: open the screens in a terminal that outlives the bar, or have everything looked
// at again. Never a deed.
import { EXIT } from "../exit-code.ts";
import { globalWords, ownCommand } from "../global-words.ts";
import { askLocalAgent } from "../local-agent.ts";
import { chooseProfile, loadProfileFile } from "../profile.ts";
import { tryThisEndpoint } from "../this-endpoint.ts";
import { UsageError, VerbFailure } from "../usage-error.ts";
import { verb } from "../verb.ts";

export const waybarClicks = {
  open: verb({
    options: (yargs) =>
      yargs
        .positional("what", { choices: ["plan", "tui"] as const, demandOption: true, describe: "what to open" })
        .option("endpoint", { type: "string", requiresArg: true, describe: "another machine" })
        .option("pool", { type: "string", requiresArg: true, describe: "a pool" })
        .conflicts({ pool: ["endpoint"] })
        .example("$0 waybar open plan", "a left click: what a sync would do, in $TERMINAL")
        .example("$0 waybar open tui", "a right click: the screens, on this machine"),
    run: async ({ options, environment, terminal }) => {
      const { openInTerminal, NoTerminalError } = await import("../../waybar/desk/open-screens.ts");
      const { endpoint = await thisEndpoint(options, environment), pool, what } = options;
      const place =
        pool !== undefined
          ? ["--pool", pool]
          : endpoint === undefined
            ? []
            : ["--endpoint", endpoint, ...(what === "plan" ? ["--plan"] : [])];
      const command = ownCommand(["tui", ...globalWords(options), ...place]);
      try {
        await openInTerminal(command, environment);
      } catch (error) {
        if (!(error instanceof NoTerminalError)) throw error;
        // Nobody reads what a bar's click says on standard error.
        const { tellOnce } = await import("../../waybar/notify/tell-once.ts");
        await tellOnce("pacpool cannot be opened", error.message, environment);
        throw new VerbFailure(EXIT.failed, error.message, { cause: error });
      }
      if (options.verbose) terminal.note(`opened: ${command.join(" ")}`);
      return undefined;
    },
  }),

  refresh: verb({
    options: (yargs) =>
      yargs
        .option("signal", {
          type: "number",
          requiresArg: true,
          describe: "also wake modules that run --once with that signal",
        })
        .example("$0 waybar refresh", "a middle click: the agent reads the machine again")
        .example("$0 waybar refresh --signal 8", 'for modules with "signal": 8'),
    run: async (context) => {
      const { signal } = context.options;
      if (signal !== undefined && !(Number.isInteger(signal) && signal >= 1 && signal <= MAX_BAR_SIGNAL)) {
        throw new UsageError(`--signal takes a number from 1 to ${String(MAX_BAR_SIGNAL)}, as "signal" of the module`);
      }
      try {
        await askLocalAgent(context, { do: "status", fresh: true });
      } catch (error) {
        // A module that follows the server is told of every change anyway.
        context.terminal.note(`No agent was asked: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (signal !== undefined) {
        const { wakeBars } = await import("../../waybar/desk/wake-bars.ts");
        wakeBars(signal);
      }
      return undefined;
    },
  }),
} as const;

/** SIGRTMAX - SIGRTMIN, which is what WayBar takes. */
const MAX_BAR_SIGNAL = 30;

/** A click must open something even where the configuration is broken: the screens then say what is wrong. */
async function thisEndpoint(
  options: { readonly config: string | undefined; readonly profile: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  try {
    const file = loadProfileFile(options.config, environment);
    const { profile } = chooseProfile(file, options.profile ?? environment["PACPOOL_PROFILE"]);
    return await tryThisEndpoint({ profile }, environment);
  } catch {
    return undefined;
  }
}
