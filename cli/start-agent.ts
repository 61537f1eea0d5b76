// `pacpool agent` as units and scripts call it, without the parser of verbs: what is loaded at a start stays in memory for
// as long as the machine runs. What it does not understand is yargs' to explain.
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { VERSION } from "./version.ts";

interface AgentWish {
  readonly config?: string | undefined;
  readonly pacmanConfig?: string | undefined;
  readonly stateDir?: string | undefined;
  readonly runDir?: string | undefined;
  readonly server?: string | undefined;
  readonly ca?: string | undefined;
}

/** The wish of `agent` with nothing but its own options; undefined when yargs has to have a look. */
export function parseAgentWords(words: readonly string[]): AgentWish | undefined {
  if (words[0] !== "agent") return undefined;
  try {
    const text = { type: "string" } as const;
    const { values } = parseArgs({
      args: words.slice(1),
      options: { config: text, "pacman-config": text, "state-dir": text, "run-dir": text, server: text, ca: text },
    });
    if (Object.values(values).includes("")) return undefined;
    const { config, server, ca } = values;
    return {
      config,
      pacmanConfig: values["pacman-config"],
      stateDir: values["state-dir"],
      runDir: values["run-dir"],
      server,
      ca,
    };
  } catch {
    return undefined;
  }
}

/** Until a signal ends it. Throws what the configuration has wrong. */
export async function runAgentProcess(wish: AgentWish): Promise<void> {
  const { loadAgentConfig } = await import("../agent/config.ts");
  const { runAgent } = await import("../agent/main.ts");
  await runAgent({ config: loadAgentConfig(wish), version: VERSION });
}

/** The process's whole work: runs the agent, and says why it could not. */
export async function startAgent(wish: AgentWish): Promise<ExitCode> {
  try {
    keepSmall();
    await runAgentProcess(wish);
    return EXIT.done;
  } catch (error) {
    const { reportFailure } = await import("./report.ts");
    const { cleanLines } = await import("./output/clean.ts");
    const note = (line: string): void => void process.stderr.write(`${cleanLines(line)}\n`);
    return await reportFailure(error, { name: "agent", isUsage: false, isVerbose: false }, { note });
  }
}

/**
 * The optimising compilers would gain an agent milliseconds a day, and their own code stays in memory once it was needed:
 * 8 MiB of a budget of 75. What computes for long (reading, planning) runs in a process that has them.
 */
function keepSmall(): void {
  setFlagsFromString("--no-opt");
  setFlagsFromString("--no-maglev");
}
