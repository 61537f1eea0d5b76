// The sending side of one agent's stream: numbers messages, says what is committed, keeps their order under back-pressure.
import type { ConnectResponse } from "../../proto/generated/pacpool/v1/agent.ts";

export type Saying = NonNullable<ConnectResponse["body"]>;

/** Messages that may wait for a slow agent. Everything in them is a row as well, so a stuck stream is ended instead. */
const MAX_WAITING = 64;

export class Outbox {
  readonly #send: (message: ConnectResponse) => Promise<void>;
  #sequence = 0n;
  #ackSequence = 0n;
  #waiting = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(send: (message: ConnectResponse) => Promise<void>) {
    this.#send = send;
  }

  /** The highest sequence of the agent whose effect is committed; goes out with the next message. */
  acknowledge(sequence: bigint): void {
    this.#ackSequence = sequence;
  }

  /** Resolves once the stream took it; rejects when the stream is over or the agent does not read. */
  say(saying: Saying): Promise<void> {
    if (this.#waiting >= MAX_WAITING) {
      return Promise.reject(new Error("the agent does not read what it is sent"));
    }
    this.#waiting += 1;
    const sent = this.#tail.then(async () => {
      this.#sequence += 1n;
      await this.#send({ sequence: this.#sequence, ackSequence: this.#ackSequence, body: saying });
    });
    this.#tail = sent
      .catch(() => undefined)
      .then(() => {
        this.#waiting -= 1;
      });
    return sent;
  }
}
