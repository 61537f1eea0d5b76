// A server at the TUI's own seam that answers from memory: for tests of screens and keys without a wire.
import type { OperationView } from "../../rpc/codec/operation.ts";
import type { PoolView } from "../../rpc/codec/pool.ts";
import type { WatchEvent } from "../../rpc/codec/watch.ts";
import type { Deed } from "../../tui/store/deed.ts";
import type { Server } from "../../tui/store/server.ts";
import { type LoadedValue, routeKey } from "../../tui/store/state.ts";

export interface RecordedServer extends Server {
  readonly performed: Deed[];
  /** Tells a watcher something more. */
  readonly tell: (...events: readonly WatchEvent[]) => void;
  /** Ends the watch with an error, as a broken line does. */
  readonly cut: (error: Error) => void;
}

export interface Recording {
  readonly pools: readonly PoolView[];
  readonly events: readonly WatchEvent[];
  /** By the names of loads: `drift ID`, `plan ID`, `revert ID`, `history ID`, `operation ID`. */
  readonly answers?: Readonly<Record<string, LoadedValue>>;
  readonly started?: OperationView;
}

export function recordedServer({ pools, events, answers = {}, started }: Recording): RecordedServer {
  const performed: Deed[] = [];
  let waiting: WatchEvent[] = [];
  let broken: Error | undefined;
  let wake: () => void = () => undefined;
  const answer = async (name: string): Promise<LoadedValue> => {
    const value = answers[name];
    if (value === undefined) throw new Error(`nothing is recorded for ${name}`);
    return value;
  };
  return {
    performed,
    tell: (...more) => {
      waiting.push(...more);
      wake();
    },
    cut: (error) => {
      broken = error;
      wake();
    },
    listPools: async () => pools,
    watch: async function* (_scope, signal) {
      yield* events;
      signal.addEventListener("abort", () => wake(), { once: true });
      while (!signal.aborted) {
        const now = waiting;
        waiting = [];
        yield* now;
        if (broken !== undefined) {
          const error = broken;
          broken = undefined;
          throw error;
        }
        if (waiting.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
    drift: (id) => answer(`drift ${id}`),
    plan: (id, isRevert) => answer(`${isRevert ? "revert" : "plan"} ${id}`),
    history: (id) => answer(`history ${id}`),
    operation: (id) => answer(`operation ${id}`),
    overview: () => answer("overview"),
    list: (route) => answer(routeKey(route)),
    lastOperation: async () => started,
    perform: async (deed) => {
      performed.push(deed);
      return deed.kind === "start-operation" ? started : undefined;
    },
  };
}
