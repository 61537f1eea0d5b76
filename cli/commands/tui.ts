// `pacpool tui`: hands over to the screens.
import { spawn } from "node:child_process";
import { connectionOptions, resolveAccess } from "../connect.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { tryThisEndpoint } from "../this-endpoint.ts";
import { UsageError } from "../usage-error.ts";
import { verb } from "../verb.ts";

export const tui = verb({
  options: (yargs) => yargs.example("$0 tui", "press ? for the keys"),
  run: async (context) => {
    const { options, environment, signal, terminal } = context;
    if (!process.stdin.isTTY || !terminal.isLive) {
      throw new UsageError("the screens need a terminal; `pacpool status` and `pacpool endpoint list` do not");
    }
    const access = resolveAccess(options, environment);
    const { runTui } = await import("../../tui/main.tsx");
    const endpointName = await tryThisEndpoint(access, environment);
    const code = await runTui({
      connection: access.key === undefined ? undefined : connectionOptions(access),
      endpointName,
      hasColour: options.color && (environment["NO_COLOR"] ?? "") === "",
      signal,
      runUpdate: endpointName === undefined ? undefined : runUpdate,
    });
    return isExitCode(code) ? code : EXIT.failed;
  },
});

/** The everyday verb in the terminal that the screens lend, with the very options that they were started with. */
function runUpdate(): Promise<number> {
  const words = process.argv.slice(2).filter((word) => word !== "tui");
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? "", "update", ...words], {
      stdio: "inherit",
    });
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
