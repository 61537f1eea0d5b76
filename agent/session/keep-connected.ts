// Streams one after the other for as long as the agent runs, with the right pause between them. Must not know what is
// said on a stream.
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { openConnection } from "../../rpc/connection.ts";
import { nextAttempt, type StreamEnd } from "./next-attempt.ts";
import type { SessionParts } from "./parts.ts";
import { runStream } from "./stream.ts";

/** Read again for every attempt, so that a renewed authority needs no restart. */
export interface ServerAccess {
  readonly address: string;
  /** PEM, or the path of a PEM file. */
  readonly ca: { readonly pem: string } | { readonly path: string };
  readonly key: { readonly text: string } | { readonly path: string };
}

export async function keepConnected(
  parts: SessionParts,
  access: ServerAccess,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  const { log, status, now } = parts;
  let attempt = 0;
  let lastWhy = "";
  const unfollow = status.follow(() => {
    const current = status.current();
    if (current.kind === "connected" && lastWhy !== "connected") {
      lastWhy = "connected";
      attempt = 0;
      log.info({ server: access.address, endpoint: current.name, pool: current.pool }, "connected");
    }
  });
  try {
    while (!signal.aborted) {
      const end = await tryOnce(parts, access, signal);
      if (signal.aborted) {
        return;
      }
      const { delayMs, why, needsPerson } = nextAttempt(end, attempt++, random);
      status.set({ kind: "offline", sinceMs: now(), why, needsPerson });
      // An outage is one line in the log, not one for every attempt.
      if (why !== lastWhy) {
        lastWhy = why;
        log[needsPerson ? "error" : "warn"]({ server: access.address, why, retryInMs: delayMs }, "not connected");
      }
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    unfollow();
  }
}

async function tryOnce(parts: SessionParts, access: ServerAccess, signal: AbortSignal): Promise<StreamEnd> {
  try {
    using connection = openConnection({
      address: access.address,
      ca: "pem" in access.ca ? access.ca.pem : await readFile(access.ca.path, "utf8"),
      key: "text" in access.key ? access.key.text : await readFile(access.key.path, "utf8"),
      userAgent: `pacpool-agent/${parts.self.agentVersion}`,
    });
    return await runStream(parts, connection, signal);
  } catch (error) {
    return { kind: "failed", error };
  }
}
