// However the screens end, the terminal is given back as it was: by the person, by a signal, by a crash, by the caller. It
// must not know what is drawn.
import { writeSync } from "node:fs";
import type { Instance } from "ink";

const EXIT_SIGNAL = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const;

/** What may be switched on and outlives a process: mouse reports in all their forms, bracketed paste, the hidden cursor. */
const MODES_OFF = "\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?2004l\u001b[?25h";

export interface Ends extends Disposable {
  readonly code: () => number;
  readonly failed: (error: unknown) => number;
}

/** Signals, the caller's own and crashes all end the drawing first, so that the terminal is given back. */
export function endOn(instance: Instance, outer: AbortSignal | undefined): Ends {
  let code = 0;
  const end = (): void => instance.unmount();
  const failed = (error: unknown): number => {
    code = 1;
    end();
    process.stderr.write(`pacpool tui: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return code;
  };
  const crashed = (error: unknown): void => {
    failed(error);
  };
  const listeners = (Object.keys(EXIT_SIGNAL) as (keyof typeof EXIT_SIGNAL)[]).map((name) => {
    const listener = (): void => {
      code = EXIT_SIGNAL[name];
      end();
    };
    process.once(name, listener);
    return { name, listener };
  });
  // Once: telling the first crash may itself fail on a terminal that is gone, and the next one must end the process.
  process.once("uncaughtException", crashed);
  // Without its terminal there is nobody to draw for and nothing to give back; drawing on would fail for ever.
  const gone = (): never => {
    process.off("uncaughtException", crashed);
    process.exit(EXIT_SIGNAL.SIGHUP);
  };
  const streams = [process.stdin, process.stdout, process.stderr];
  for (const stream of streams) stream.on("error", gone);
  // Written without a queue, since nothing that is queued now would be written any more.
  const leave = (): void => {
    try {
      writeSync(1, MODES_OFF);
    } catch {
      // The terminal is gone.
    }
  };
  process.once("exit", leave);
  outer?.addEventListener("abort", end, { once: true });
  if (outer?.aborted === true) end();
  return {
    code: () => code,
    failed,
    [Symbol.dispose]: () => {
      for (const { name, listener } of listeners) process.off(name, listener);
      process.off("uncaughtException", crashed);
      process.off("exit", leave);
      leave();
      for (const stream of streams) stream.off("error", gone);
      outer?.removeEventListener("abort", end);
    },
  };
}
