// Whether the server is there, as a fact that status lines and logs share. Must not know the wire.

import type { PoolStandingView } from "../rpc/codec/pool.ts";

/** Times in Unix ms. `why` is one sentence for people that says what to do when something is to be done. */
export type ConnectionStatus =
  | { readonly kind: "connected"; readonly sinceMs: number; readonly name: string; readonly pool: string }
  | { readonly kind: "offline"; readonly sinceMs: number; readonly why: string; readonly needsPerson: boolean };

export interface ConnectionWatch {
  readonly current: () => ConnectionStatus;
  readonly set: (status: ConnectionStatus) => void;
  /** When the server last had this machine's present state; undefined for never in this run. */
  readonly reportedAtMs: () => number | undefined;
  readonly reported: (atMs: number) => void;
  /** How the pool stood when the server last told; undefined before. */
  readonly pool: () => PoolStandingView | undefined;
  readonly standing: (pool: PoolStandingView) => void;
  /** Calls back at every change, and at every report; answers how to stop that. */
  readonly follow: (listener: () => void) => () => void;
}

export function makeConnectionWatch(nowMs: number): ConnectionWatch {
  const listeners = new Set<() => void>();
  let status: ConnectionStatus = { kind: "offline", sinceMs: nowMs, why: "not connected yet", needsPerson: false };
  let reportedAtMs: number | undefined;
  let pool: PoolStandingView | undefined;
  const tell = (): void => {
    for (const listener of listeners) {
      listener();
    }
  };
  return {
    current: () => status,
    set: (next) => {
      // An endless outage is one: it began when the first attempt failed.
      const isSame = status.kind === "offline" && next.kind === "offline";
      status = isSame ? { ...next, sinceMs: status.sinceMs } : next;
      tell();
    },
    reportedAtMs: () => reportedAtMs,
    reported: (atMs) => {
      reportedAtMs = atMs;
      tell();
    },
    pool: () => pool,
    standing: (next) => {
      pool = next;
      tell();
    },
    follow: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
