// The newest reading of the machine, for everyone who needs it: read again after changes, one reading at a time. Must
// not know what a reading is used for.
import type { Logger } from "pino";
import type { Machine, MachineState } from "./machine.ts";

export interface MachineFollower {
  readonly current: () => MachineState;
  /** Reads again; the answer is at least as new as the call. Rejects when the machine cannot be read. */
  readonly reread: () => Promise<MachineState>;
  /** Calls back when a reading differs from the one before; answers how to stop that. */
  readonly follow: (listener: () => void) => () => void;
}

/** Reads the machine and follows its changes until the signal. Rejects when it cannot be read at all. */
export async function followMachine(machine: Machine, log: Logger, signal: AbortSignal): Promise<MachineFollower> {
  const listeners = new Set<() => void>();
  let current = await machine.read();
  let reading: Promise<MachineState> | undefined;
  let waiting: Promise<MachineState> | undefined;

  const read = async (): Promise<MachineState> => {
    const next = await machine.read();
    if (!isSameState(current, next)) {
      current = next;
      for (const listener of listeners) {
        listener();
      }
    }
    return current;
  };
  const start = (): Promise<MachineState> => {
    const mine = read().finally(() => {
      if (reading === mine) {
        reading = undefined;
      }
    });
    reading = mine;
    return mine;
  };
  // A reading under way may have missed what just changed: at most one more waits behind it, for all who ask meanwhile.
  const reread = (): Promise<MachineState> => {
    if (reading === undefined) {
      return start();
    }
    waiting ??= reading
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        return start();
      });
    return waiting;
  };
  const changed = (): void => {
    reread().catch((error: unknown) => {
      log.warn({ err: error }, "the machine could not be read; the last reading stays");
    });
  };
  machine.watch(changed, signal);
  return {
    current: () => current,
    reread,
    follow: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function isSameState(one: MachineState, other: MachineState): boolean {
  return (
    one.digest === other.digest &&
    one.viewDigest === other.viewDigest &&
    JSON.stringify(one.servers) === JSON.stringify(other.servers) &&
    JSON.stringify(one.facts) === JSON.stringify(other.facts)
  );
}
