// Everything that the local status is made of, at the moment of asking. The drift is computed once per reading of the
// machine and target, and waits for nobody but the disk.
import type { Logger } from "pino";
import type { Drift } from "../../domain/drift/drift.ts";
import type { ConnectionWatch } from "../connection-status.ts";
import type { DeliveredTarget, Machine, MachineState } from "../machine.ts";
import type { MachineFollower } from "../machine-follower.ts";
import type { Operations } from "../orders/operations.ts";
import type { OrderBookFile } from "../orders/order-book-file.ts";
import type { LocalFacts } from "./local-status.ts";

export interface FactSources {
  /** As enrolled. */
  readonly identity: { readonly name: string; readonly pool: string };
  readonly machine: Machine;
  readonly follower: MachineFollower;
  readonly delivered: () => DeliveredTarget | undefined;
  readonly book: OrderBookFile;
  readonly operations: Operations;
  readonly status: ConnectionWatch;
  readonly now: () => number;
  readonly log: Logger;
}

interface KnownDrift {
  readonly state: MachineState;
  readonly target: DeliveredTarget;
  readonly drift: Promise<Drift | undefined>;
}

/** The returned function never rejects. */
export function factGatherer(sources: FactSources): () => Promise<LocalFacts> {
  const { machine, follower, book, operations, status, now, log } = sources;
  let known: KnownDrift | undefined;
  const driftOf = (state: MachineState, target: DeliveredTarget): Promise<Drift | undefined> => {
    if (known?.state !== state || known.target !== target) {
      const drift = machine.drift(state, target).catch((error: unknown) => {
        log.warn({ err: error }, "the drift could not be computed");
        return undefined;
      });
      known = { state, target, drift };
    }
    return known.drift;
  };
  return async () => {
    const state = follower.current();
    const delivered = sources.delivered();
    const drift = delivered === undefined ? undefined : await driftOf(state, delivered);
    return {
      ...sources.identity,
      machine: state,
      delivered,
      drift,
      book: book.current(),
      running: operations.running(),
      connection: status.current(),
      standing: status.pool(),
      reportedAtMs: status.reportedAtMs(),
      nowMs: now(),
    };
  };
}
