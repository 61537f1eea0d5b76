// `pacpool tui`: hands over to the screens.
import { spawn } from "node:child_process";
import type { StartPlace } from "../../tui/store/start-place.ts";
import { connectionOptions, resolveAccess } from "../connect.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { globalWords, ownCommand } from "../global-words.ts";
import { lookFrom } from "../look.ts";
import { type Environment, loadProfileFile } from "../profile.ts";
import { tryThisEndpoint } from "../this-endpoint.ts";
import { UsageError } from "../usage-error.ts";
import { verb } from "../verb.ts";

export const tui = verb({
  options: (yargs) =>
    yargs
      .option("endpoint", { type: "string", requiresArg: true, describe: "begin at that machine" })
      .option("pool", { type: "string", requiresArg: true, describe: "begin at that pool" })
      .option("plan", { type: "boolean", default: false, describe: "begin at its plan, or the operation under way" })
      .option("mouse", { type: "boolean", default: true, hidden: true })
      .option("no-mouse", { describe: "leave the mouse to the terminal" })
      .conflicts({ pool: ["endpoint"] })
      .epilogue("Theme, colours, glyphs and mouse stand in [tui] of config.toml (PACPOOL_TUI_THEME and so on).")
      .example("$0 tui", "press ? for the keys")
      .example("$0 tui --plan", "what a sync of this machine would do"),
  run: async (context) => {
    const { options, environment, signal, terminal } = context;
    if (!process.stdin.isTTY || !terminal.isLive) {
      throw new UsageError("the screens need a terminal; `pacpool status` and `pacpool endpoint list` do not");
    }
    const access = resolveAccess(options, environment);
    const file = loadProfileFile(options.config, environment);
    const wished = lookFrom(file, environment);
    const look = options.mouse ? wished : { ...wished, mouse: false };
    const { runTui } = await import("../../tui/main.tsx");
    const endpointName = await tryThisEndpoint(access, environment);
    const code = await runTui({
      connection: access.key === undefined ? undefined : connectionOptions(access),
      profile: access.profileName,
      profiles: Object.keys(file.profiles),
      openProfile: async (name) => {
        // A person's choice of now wins over what the shell and the command line were told before.
        const chosen = resolveAccess(
          { ...options, profile: name, server: undefined, ca: undefined },
          bare(environment),
        );
        return { connection: connectionOptions(chosen), endpointName: await tryThisEndpoint(chosen, environment) };
      },
      endpointName,
      start: startOf(options, endpointName),
      hasColour: options.color,
      look,
      signal,
      runUpdate: endpointName === undefined ? undefined : () => runUpdate(globalWords(options)),
    });
    return isExitCode(code) ? code : EXIT.failed;
  },
});

const ACCESS_VARIABLES = ["PACPOOL_SERVER", "PACPOOL_CA", "PACPOOL_KEY", "PACPOOL_KEY_FILE", "PACPOOL_PROFILE"];

/** Without what would override a profile. */
function bare(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ACCESS_VARIABLES.includes(name)));
}

interface Begin {
  readonly endpoint: string | undefined;
  readonly pool: string | undefined;
  readonly plan: boolean;
}

/** Throws UsageError where a plan is wanted and nothing says whose. */
function startOf({ endpoint, pool, plan }: Begin, here: string | undefined): StartPlace | undefined {
  if (pool !== undefined && plan) throw new UsageError("--plan is of one machine; name it by --endpoint");
  if (pool !== undefined) return { kind: "pool", pool };
  const name = endpoint ?? (plan ? here : undefined);
  if (name === undefined && plan) throw new UsageError("--plan: this machine is no endpoint; name one by --endpoint");
  return name === undefined ? undefined : { kind: "endpoint", endpoint: name, plan };
}

/** The everyday verb in the terminal that the screens lend, aimed as they are. */
function runUpdate(aim: readonly string[]): Promise<number> {
  const [program = "", ...words] = ownCommand(["update", ...aim]);
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: "inherit" });
    child.once("error", () => {
      resolve(EXIT.failed);
    });
    child.once("close", (code) => {
      resolve(code ?? EXIT.failed);
    });
  });
}

function isExitCode(code: number): code is ExitCode {
  return Object.values(EXIT).some((one) => one === code);
}
