// Everything of the agent that a stream reads or wakes.
import type { Logger } from "pino";
import type { Consent } from "../../domain/consent/consent.ts";
import type { ConnectionWatch } from "../connection-status.ts";
import type { StoreLink } from "../files/file-store.ts";
import type { Machine } from "../machine.ts";
import type { MachineFollower } from "../machine-follower.ts";
import type { Operations } from "../orders/operations.ts";
import type { OrderBookFile } from "../orders/order-book-file.ts";
import type { PlanQueue } from "../planning/queue-plans.ts";
import type { DeliveredTargets } from "./delivered-targets.ts";
import type { Self } from "./hello.ts";
import type { RateLimit } from "./rate-limit.ts";

export interface SessionParts {
  readonly self: Self;
  readonly machine: Machine;
  readonly follower: MachineFollower;
  readonly book: OrderBookFile;
  readonly operations: Operations;
  /** What owner and pool allow by now. */
  readonly consent: () => Consent;
  readonly targets: DeliveredTargets;
  readonly plans: PlanQueue;
  /** Connected while a stream is. */
  readonly store: StoreLink;
  /** Of package files that the server asks for. */
  readonly uploads: RateLimit;
  readonly status: ConnectionWatch;
  readonly now: () => number;
  readonly log: Logger;
}
