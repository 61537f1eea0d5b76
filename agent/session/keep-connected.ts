// Streams one after the other for as long as the agent runs, with the right pause between them; the states are those of
// domain/session. Must not know what is said on a stream.
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import {
  INITIAL_SESSION,
  type SessionEvent,
  type SessionState,
  transitionSession,
} from "../../domain/session/lifecycle.ts";
import { openConnection } from "../../rpc/connection.ts";
import { type NextAttempt, nextAttempt, type StreamEnd } from "./next-attempt.ts";
import type { SessionParts } from "./parts.ts";
import { runStream } from "./stream.ts";

/** Files are read again for every attempt, so that a renewed authority or key needs no restart. */
export interface ServerAccess {
  readonly address: string;
  readonly ca: { readonly pem: string } | { readonly path: string };
  readonly key: { readonly text: string } | { readonly path: string };
}

export async function keepConnected(
  parts: SessionParts,
  access: ServerAccess,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  const session = followSession(parts, access);
  try {
    while (!signal.aborted) {
      session.move({ kind: "dialled" });
      const end = await tryOnce(parts, access, session.opened, signal);
      if (signal.aborted) {
        return;
      }
      if (end.kind === "drained") {
        session.move({ kind: "drained" });
      }
      const next = nextAttempt(end, session.failures(), random);
      session.lost(next);
      await delay(next.delayMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    session.close();
  }
}

interface Session {
  readonly move: (event: SessionEvent) => void;
  readonly opened: () => void;
  readonly lost: (next: NextAttempt) => void;
  /** In a row, without a Welcome in between. */
  readonly failures: () => number;
  readonly close: () => void;
}

/** Holds the state, and tells status and log of what people should know. */
function followSession({ log, status, now }: SessionParts, { address }: ServerAccess): Session {
  let state: SessionState = INITIAL_SESSION;
  let lastWhy = "";
  const move = (event: SessionEvent): void => {
    const transition = transitionSession(state, event);
    if (transition.kind === "moved") {
      state = transition.state;
    }
  };
  const unfollow = status.follow(() => {
    const current = status.current();
    if (current.kind === "connected" && state.kind === "greeting") {
      move({ kind: "welcomed" });
      lastWhy = "";
      log.info({ server: address, endpoint: current.name, pool: current.pool }, "connected");
    }
  });
  return {
    move,
    opened: () => {
      move({ kind: "opened" });
    },
    lost: ({ why, needsPerson, delayMs }) => {
      move(needsPerson ? { kind: "rejected", because: why } : { kind: "lost" });
      status.set({ kind: "offline", sinceMs: now(), why, needsPerson });
      // An outage is one line in the log, not one for every attempt.
      if (why !== lastWhy) {
        lastWhy = why;
        log[needsPerson ? "error" : "warn"]({ server: address, why, retryInMs: delayMs }, "not connected");
      }
      if (state.kind === "stopped") {
        // Stopped until a person acts; a rare new beginning is how the agent notices that one has.
        state = INITIAL_SESSION;
      }
    },
    failures: () => ("failures" in state ? state.failures : 0),
    close: unfollow,
  };
}

async function tryOnce(
  parts: SessionParts,
  access: ServerAccess,
  opened: () => void,
  signal: AbortSignal,
): Promise<StreamEnd> {
  try {
    using connection = openConnection({
      address: access.address,
      ca: "pem" in access.ca ? access.ca.pem : await readFile(access.ca.path, "utf8"),
      key: "text" in access.key ? access.key.text : await readFile(access.key.path, "utf8"),
      userAgent: `pacpool-agent/${parts.self.agentVersion}`,
    });
    opened();
    return await runStream(parts, connection, signal);
  } catch (error) {
    return { kind: "failed", error };
  }
}
