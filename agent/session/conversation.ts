// One stream's conversation: feeds protocol.ts with what comes in and does what it says. Everything that takes time runs
// beside it (effects.ts), so that a download never delays a heartbeat.
import type { ConnectResponse, Welcome } from "../../proto/generated/pacpool/v1/agent.ts";
import { decodeStanding } from "../../rpc/codec/pool.ts";
import type { Connection } from "../../rpc/connection.ts";
import { durationMs } from "./durations.ts";
import { type Effects, makeEffects } from "./effects.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { type HeldTarget, makeHeartbeat, makeHello } from "./hello.ts";
import type { StreamEnd } from "./next-attempt.ts";
import { makeOperationTeller, type OperationTeller } from "./operation-teller.ts";
import type { Outbox } from "./outbox.ts";
import type { SessionParts } from "./parts.ts";
import { advance, greet, type Saying, type StreamInput, type StreamOutput, type StreamState } from "./protocol.ts";

/** When Welcome does not say. */
const HEARTBEAT_FALLBACK_MS = 30_000;
/** A server that has taken the connection but does not greet is as good as gone. */
const WELCOME_TIMEOUT_MS = 30_000;

/** Says Hello when made; follows machine and operations until closed. */
export class Conversation {
  readonly #parts: SessionParts;
  readonly #outbox: Outbox;
  readonly #effects: Effects;
  readonly #teller: OperationTeller;
  readonly #drained = Promise.withResolvers<StreamEnd>();
  readonly #broken = Promise.withResolvers<never>();
  readonly #stops: (() => void)[] = [];
  readonly #patience: NodeJS.Timeout;
  #state: StreamState;
  /** As Welcome says. */
  #poolId: string | undefined;

  constructor(parts: SessionParts, connection: Connection, outbox: Outbox, signal: AbortSignal) {
    const { follower, book, operations } = parts;
    this.#parts = parts;
    this.#outbox = outbox;
    this.#state = greet(follower.current());
    this.#effects = makeEffects(parts, connection, this.#send, signal);
    this.#teller = makeOperationTeller(parts, this.#send);
    this.#patience = setTimeout(() => {
      const limit = String(WELCOME_TIMEOUT_MS / 1000);
      this.#broken.reject(new Error(`the server did not greet within ${limit} s`));
    }, WELCOME_TIMEOUT_MS);
    const machineChanged = (): void => {
      this.#take({ kind: "machine", machine: follower.current() });
    };
    this.#stops.push(follower.follow(machineChanged));
    const hello = makeHello(parts.self, this.#state.machine, this.#heldTarget(), book.current(), operations.running());
    void this.#send({ $case: "hello", value: hello });
  }

  /** Resolves when the server asked to leave. */
  get drained(): Promise<StreamEnd> {
    return this.#drained.promise;
  }

  /** Rejects when nothing can be sent any more. */
  get broken(): Promise<never> {
    return this.#broken.promise;
  }

  receive(message: ConnectResponse): void {
    this.#take({ kind: "received", body: message.body });
  }

  close(): void {
    clearTimeout(this.#patience);
    for (const stop of this.#stops) {
      stop();
    }
  }

  #take(input: StreamInput): void {
    const wasLive = this.#state.phase === "live";
    const step = advance(this.#state, input);
    this.#state = step.state;
    for (const output of step.outputs) {
      this.#perform(output);
    }
    // After what Welcome itself set off: the server knows the new set before it hears of the operation that made it.
    if (!wasLive && this.#state.phase === "live") {
      this.#teller.tell();
    }
  }

  #perform(output: StreamOutput): void {
    switch (output.kind) {
      case "send":
        void this.#send(output.saying);
        return;
      case "welcomed":
        this.#welcomed(output.welcome);
        return;
      case "pool-standing":
        this.#parts.status.standing(decodeStanding(output.standing));
        return;
      case "throttle":
        this.#teller.holdFor(output.ms);
        return;
      case "leave":
        this.#drained.resolve({ ...output, kind: "drained" });
        return;
      default:
        this.#effects.perform(output);
    }
  }

  #welcomed(welcome: Welcome): void {
    const { follower, operations, status, now } = this.#parts;
    clearTimeout(this.#patience);
    this.#poolId = welcome.poolId;
    this.#effects.welcomed(welcome);
    const stopHeartbeat = startHeartbeat({
      intervalMs: durationMs(welcome.heartbeat, HEARTBEAT_FALLBACK_MS),
      lastSentMs: this.#outbox.lastSentMs,
      now,
      beat: () => {
        void this.#send({ $case: "heartbeat", value: makeHeartbeat(follower.current(), this.#heldTarget()) });
      },
      tick: () => {
        status.reported(now());
      },
    });
    this.#stops.push(stopHeartbeat, operations.follow(this.#teller.tell), this.#teller.close);
  }

  readonly #send = (saying: Saying): Promise<void> => this.#outbox.send(saying).catch(this.#broken.reject);

  /** A machine that was moved holds a target of its old pool, whose number says nothing in the new one. */
  #heldTarget(): HeldTarget {
    const held = this.#parts.targets.current();
    const isOurs = this.#poolId === undefined || held?.poolId === this.#poolId;
    if (held === undefined || !isOurs) return { revision: 0, policyDigest: "" };
    return { revision: held.target.revision, policyDigest: held.policyDigest ?? "" };
  }
}
