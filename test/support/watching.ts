// A watcher as a client keeps one: what it was told, in order, and the state that follows from it.

import type { WatchItem, WatchRequest, WatchResponse } from "../../proto/generated/pacpool/v1/watch.ts";
import type { Connection } from "../../rpc/connection.ts";

type Event = NonNullable<WatchResponse["event"]>;
type EventOf<Kind extends Event["$case"]> = Extract<Event, { $case: Kind }>["value"];

export class Watching implements AsyncDisposable {
  readonly events: Event[] = [];
  readonly ended: Promise<unknown>;
  readonly #stop = new AbortController();
  #wake: () => void = () => undefined;
  #isOver = false;
  #taken = 0;

  constructor(connection: Connection, request: Partial<WatchRequest> = {}) {
    this.ended = this.#listen(connection, request);
  }

  async #listen(connection: Connection, request: Partial<WatchRequest>): Promise<unknown> {
    try {
      for await (const { event } of connection.watch.watch(request, { signal: this.#stop.signal })) {
        if (event !== undefined) {
          this.events.push(event);
          this.#wake();
        }
      }
      return undefined;
    } catch (error) {
      return error;
    } finally {
      this.#isOver = true;
      this.#wake();
    }
  }

  /** The next event of that kind; those before it count as seen. */
  async next<Kind extends Event["$case"]>(
    kind: Kind,
    isRight: (value: EventOf<Kind>) => boolean = () => true,
  ): Promise<EventOf<Kind>> {
    const endMs = performance.now() + 10_000;
    for (;;) {
      while (this.#taken < this.events.length) {
        const event = this.events[this.#taken];
        this.#taken += 1;
        if (event?.$case === kind && isRight(event.value as EventOf<Kind>)) {
          return event.value as EventOf<Kind>;
        }
      }
      if (this.#isOver || performance.now() > endMs) {
        throw new Error(`the watch did not tell ${kind}; it told: ${this.kinds().join(", ")}`, {
          cause: this.#isOver ? await this.ended : undefined,
        });
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  kinds(): readonly Event["$case"][] {
    return this.events.map(({ $case }) => $case);
  }

  /** Revisions of one pool in the order in which they were told. */
  revisions(poolId: string): readonly bigint[] {
    return this.events.flatMap((event) =>
      (event.$case === "batch" || event.$case === "snapshotEnd" || event.$case === "bookmark") &&
      event.value.poolId === poolId
        ? [event.value.revision]
        : [],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }
}

/** Names of what a batch or snapshot carries. */
export function namesOf(items: readonly WatchItem[]): readonly string[] {
  return items.map(({ item }) => {
    switch (item?.$case) {
      case "pool":
        return `pool ${item.value.name}`;
      case "endpoint":
        return `endpoint ${item.value.name}`;
      case "operation":
        return `operation ${item.value.endpoint}`;
      case "removedEndpointId":
        return "removed endpoint";
      case "removedPoolId":
        return "removed pool";
      default:
        return "nothing";
    }
  });
}
