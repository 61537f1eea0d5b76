// The one entry, `pacpool`: the process around one command line. A bar that asks for its line does not pay for the rest.
import { Stopped } from "./failure.ts";
import { followBar, parseBarWords } from "./follow-bar.ts";

const { env, stdin, stdout, stderr } = process;
const words = process.argv.slice(2);
const stop = new AbortController();
// A second one ends the process at once, as everywhere.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stop.abort(new Stopped());
  });
}

async function runAny(): Promise<number> {
  const bar = parseBarWords(words);
  if (bar !== undefined) {
    await followBar(bar, env, stop.signal);
    return 0;
  }
  if (words[0] === "agent") {
    const { parseAgentWords, startAgent } = await import("./start-agent.ts");
    const wish = parseAgentWords(words);
    if (wish !== undefined) return await startAgent(wish);
  }
  if (words[0] === "completion" && words[1] === "names") {
    const { tellNames } = await import("./completion/tell-names.ts");
    await tellNames(words.slice(2), env, stdout);
    return 0;
  }
  const { runCommandLine } = await import("./command-line.ts");
  const { openTerminal } = await import("./terminal.ts");
  const isColourless = (env["NO_COLOR"] ?? "") !== "" || words.includes("--no-color");
  const terminal = openTerminal({ stdin, stdout, stderr, isColourless, locale: env });
  return await runCommandLine(words, { terminal, signal: stop.signal, environment: env });
}

const code = await runAny();
// Nothing that a library left open may keep an ended verb alive; output to files, pipes and terminals is written by now.
process.exit(code);
