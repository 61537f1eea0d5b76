// Ctrl-Z as everywhere: the terminal is given back, the process stops, and `fg` draws everything anew.
import { setTimeout as sleep } from "node:timers/promises";
import { useApp } from "ink";
import { type ReactNode, useEffect } from "react";
import type { Mouse } from "./mouse.ts";

/** Lends the terminal to whoever stopped us: the shell. */
export type Lend = (work: () => Promise<void>) => Promise<void>;

/** Stops in the same moment; when the timer fires, somebody has continued us. */
const STOPPING_MS = 20;

/** Stops this job. Without a shell that could continue it the kernel does not let it stop, and it is only drawn anew. */
export async function suspend(lend: Lend): Promise<void> {
  await lend(async () => {
    const listeners = process.listeners("SIGTSTP");
    process.removeAllListeners("SIGTSTP");
    process.kill(0, "SIGTSTP");
    await sleep(STOPPING_MS);
    for (const listener of listeners) process.on("SIGTSTP", listener);
  });
}

/** Draws nothing; hears the signal that a shell's `kill -TSTP` sends. */
export function Suspension({ mouse }: { readonly mouse: Mouse }): ReactNode {
  const { suspendTerminal } = useApp();
  useEffect(() => {
    // Lent out already, to an update or to a first stop: then that one has the terminal.
    const stop = (): void => void suspend((work) => suspendTerminal(() => mouse.lent(work))).catch(() => undefined);
    process.on("SIGTSTP", stop);
    return () => {
      process.off("SIGTSTP", stop);
    };
  }, [suspendTerminal, mouse]);
  return null;
}
