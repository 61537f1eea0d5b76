// What a click opens: the TUI in a terminal of its own. It only starts it; nothing that changes packages is ever a child
// of the bar.

import { type StartedBy, startApart } from "./start-apart.ts";
import { commandInTerminal, type Environment, NO_TERMINAL } from "./terminal-program.ts";

/** What went wrong stays readable: most terminals close with their program. */
const STAY = '"$@"; code=$?; [ $code -eq 0 ] || { printf "\\nEnter closes this window. "; read -r _; }; exit $code';

/** No terminal could be started; the message says what to do. */
export class NoTerminalError extends Error {
  override readonly name = "NoTerminalError";
}

/** Opens `command` in a terminal that outlives the bar. Throws NoTerminalError. */
export async function openInTerminal(command: readonly string[], environment: Environment): Promise<StartedBy> {
  const whole = commandInTerminal(["sh", "-c", STAY, "pacpool", ...command], environment);
  if (whole === undefined) throw new NoTerminalError(NO_TERMINAL);
  try {
    return await startApart(whole, environment);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NoTerminalError(`starting ${whole[0] ?? ""} failed: ${why}; set TERMINAL to another one`, { cause });
  }
}
