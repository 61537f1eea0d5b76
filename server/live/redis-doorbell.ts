// Rings the bells of other servers through Redis. It carries pool ids and no truth: without it, or while it is down, the
// sweep finds the same pools a moment later.
import { Redis } from "ioredis";
import type { PoolBell } from "./bell.ts";

export interface RedisDoorbell extends AsyncDisposable {
  /** Rings in this process only: what another server or the sweep found must not be published again. */
  ringHere(poolId: string): void;
  /** False while Redis cannot be reached. */
  readonly isConnected: boolean;
}

export interface RedisDoorbellOptions {
  /** redis:// or rediss:// */
  readonly url: string;
  readonly bell: PoolBell;
  /** Called once per outage, with Redis's own words. */
  readonly onOutage: (error: Error) => void;
}

const CHANNEL = "pacpool:pools";
/** Ids of this size pass the check; anything else on the channel is not ours. */
const POOL_ID = /^[0-9a-f-]{36}$/;
const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_STEP_MS = 200;
const MAX_RETRY_MS = 5_000;

/** Returns at once; connecting goes on behind it, for ever. */
export function connectRedisDoorbell(options: RedisDoorbellOptions): RedisDoorbell {
  const { url, bell } = options;
  const publisher = connect(url);
  const subscriber = connect(url);
  let isReceiving = false;
  const ringHere = (poolId: string): void => {
    isReceiving = true;
    try {
      bell.ring(poolId);
    } finally {
      isReceiving = false;
    }
  };
  watchOutages([publisher, subscriber], options.onOutage);
  subscriber.on("message", (_channel: string, poolId: string) => {
    if (POOL_ID.test(poolId)) ringHere(poolId);
  });
  // ioredis subscribes again by itself after a reconnect, but only once a first time succeeded.
  subscriber.on("ready", () => void subscriber.subscribe(CHANNEL).catch(() => undefined));
  const listening = bell.onRing((poolId) => {
    if (!isReceiving && publisher.status === "ready") void publisher.publish(CHANNEL, poolId).catch(() => undefined);
  });
  return {
    ringHere,
    get isConnected() {
      return publisher.status === "ready" && subscriber.status === "ready";
    },
    async [Symbol.asyncDispose]() {
      listening[Symbol.dispose]();
      publisher.disconnect();
      subscriber.disconnect();
      await Promise.resolve();
    },
  };
}

function connect(url: string): Redis {
  return new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    // A ring that cannot be sent now is worth nothing later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * RETRY_STEP_MS, MAX_RETRY_MS),
  });
}

function watchOutages(connections: readonly Redis[], onOutage: (error: Error) => void): void {
  let isOut = false;
  for (const connection of connections) {
    connection.on("ready", () => {
      isOut = false;
    });
    connection.on("error", (error: Error) => {
      if (!isOut) onOutage(error);
      isOut = true;
    });
  }
}
