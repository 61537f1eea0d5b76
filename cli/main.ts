// The one entry, `pacpool`: the process around one command line.
import { runCommandLine } from "./command-line.ts";
import { Stopped } from "./failure.ts";
import { openTerminal } from "./terminal.ts";

const { env, stdin, stdout, stderr } = process;
const words = process.argv.slice(2);
const isColourless = (env["NO_COLOR"] ?? "") !== "" || words.includes("--no-color");
const terminal = openTerminal({ stdin, stdout, stderr, isColourless });
const stop = new AbortController();
// A second one ends the process at once, as everywhere.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stop.abort(new Stopped());
  });
}
const code = await runCommandLine(words, { terminal, signal: stop.signal, environment: env });
// Nothing that a library left open may keep an ended verb alive; output to files, pipes and terminals is written by now.
process.exit(code);
