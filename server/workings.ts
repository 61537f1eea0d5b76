// What works behind the services: store, live, operations and loops, bound to what services, sessions and watches ask for.
import type { Key } from "../rpc/keys.ts";
import type { Principal } from "../rpc/principal.ts";
import type { ServerConfig } from "./config.ts";
import type { Logger } from "./log.ts";
import type { Metrics } from "./ops/metrics.ts";
import type {
  AccessCases,
  ArtifactCases,
  EndpointCases,
  EnrolCases,
  OperationCases,
  PoolCases,
  TargetCases,
} from "./services/use-cases.ts";
import type { SessionDesk } from "./session/desk.ts";
import type { SessionRegistry } from "./session/registry.ts";
import type { WatchDesk } from "./watch/desk.ts";

export interface WorkingsOptions {
  readonly config: ServerConfig;
  readonly log: Logger;
  readonly registry: SessionRegistry;
  readonly metrics: Metrics;
}

export interface Workings extends AsyncDisposable {
  readonly cases: AccessCases & ArtifactCases & EndpointCases & EnrolCases & OperationCases & PoolCases & TargetCases;
  readonly desk: SessionDesk;
  readonly watch: WatchDesk;
  /** Throws Refusal WRONG_KEY. */
  readonly identify: (key: Key) => Promise<Principal>;
  /** Undefined when the database answers, else why not. */
  readonly notReady: () => Promise<string | undefined>;
}

export function openWorkings(_options: WorkingsOptions): Promise<Workings> {
  return Promise.reject(new Error("the operations are not there yet"));
}
