// A one-time token becomes this machine's identity. Changes no package. Must not know where the token came from.
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { openConnection } from "../rpc/connection.ts";
import { fullJitter, isRetryable } from "../rpc/retry.ts";
import { type Identity, loadIdentity, resetAgent, saveIdentity } from "./identity.ts";
import { openInstanceLock } from "./instance-lock.ts";

export interface EnrolOptions {
  /** HOST:PORT. */
  readonly address: string;
  /** The authority, PEM. */
  readonly ca: string;
  /** ppt_... */
  readonly token: string;
  /** Usually the host name. */
  readonly name: string;
  /** Name or id; absent means the token's pool. */
  readonly pool?: string | undefined;
  /** Take over the name of an endpoint that was reinstalled. */
  readonly replace?: boolean | undefined;
  readonly stateDir: string;
  readonly signal?: AbortSignal | undefined;
}

/** The state folder has an identity already. */
export class AlreadyEnrolledError extends Error {
  override readonly name = "AlreadyEnrolledError";
  readonly exitCode = 4;
}

/** The server keeps the answer of a repeated request for a minute; trying longer would only spend the token. */
const ATTEMPTS = 4;

/**
 * Enrols and writes the identity. Throws Refusal (WRONG_KEY, TOKEN_USED, TOKEN_EXPIRED, ENDPOINT_EXISTS), RpcFailure,
 * AlreadyEnrolledError without `replace`, or StateInUseError while an agent runs.
 */
export async function enrol(options: EnrolOptions): Promise<Identity> {
  await using _lock = await openInstanceLock(options.stateDir);
  const present = await loadIdentity(options.stateDir);
  if (present !== undefined && options.replace !== true) {
    throw new AlreadyEnrolledError(
      `this machine is enrolled as ${present.name} at ${present.server}; run \`pacpool agent reset\` first, or join with --replace ${present.name}`,
    );
  }
  using connection = openConnection({ address: options.address, ca: options.ca });
  const request = {
    idempotencyKey: randomUUID(),
    token: options.token,
    name: options.name,
    pool: options.pool ?? "",
    replace: options.replace ?? false,
  };
  const call = options.signal === undefined ? {} : { signal: options.signal };
  const answer = await repeatedly(() => connection.agent.enrol(request, call), options.signal);
  const { endpointId, name, pool, key } = answer;
  const identity: Identity = { endpointId, name, pool, key, server: options.address, ca: options.ca };
  if (present?.endpointId !== endpointId) {
    // Commands and targets are counted per endpoint: another one's would hide the new one's.
    await resetAgent(options.stateDir);
  }
  await saveIdentity(options.stateDir, identity);
  return identity;
}

async function repeatedly<Result>(call: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt + 1 >= ATTEMPTS || !isRetryable(error)) {
        throw error;
      }
      await delay(fullJitter(attempt, Math.random), undefined, signal === undefined ? {} : { signal });
    }
  }
}
