// What the agent says of itself when it meets the server and every heartbeat after. Pure.
import type { Heartbeat, Hello } from "../../proto/generated/pacpool/v1/agent.ts";
import { encodeOperationStep } from "../../rpc/codec/operation.ts";
import { PROTOCOL_VERSION } from "../../rpc/protocol-version.ts";
import type { MachineState, Progress } from "../machine.ts";
import type { OrderBook } from "../orders/order-book.ts";
import { encodeFacts } from "./reports.ts";

export interface Self {
  readonly agentVersion: string;
  readonly bootId: string;
  /** Random per process start. */
  readonly instance: string;
}

/** The target that the agent holds, 0 for none, and the policy that came with it. */
export interface HeldTarget {
  readonly revision: number;
  readonly policyDigest: string;
}

export function makeHello(
  self: Self,
  machine: MachineState,
  held: HeldTarget,
  book: OrderBook,
  running: Progress | undefined,
): Hello {
  return {
    protocolVersion: PROTOCOL_VERSION,
    ...self,
    stateDigest: machine.digest,
    viewDigest: machine.viewDigest,
    targetRevision: BigInt(held.revision),
    policyDigest: held.policyDigest,
    lastCommandSequence: BigInt(book.lastSequence),
    running:
      running === undefined
        ? []
        : [{ operationId: running.operationId, fence: BigInt(running.fence), step: encodeOperationStep(running.step) }],
    unacknowledgedResults: book.results.length,
    facts: encodeFacts(machine.facts),
  };
}

export function makeHeartbeat(machine: MachineState, held: HeldTarget): Heartbeat {
  return {
    stateDigest: machine.digest,
    viewDigest: machine.viewDigest,
    targetRevision: BigInt(held.revision),
    policyDigest: held.policyDigest,
  };
}
