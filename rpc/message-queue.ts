// The reading side of a stream as an async iterable that pauses its source: grpc-js itself buffers without bound.

/** The part of a grpc-js stream that a queue steers. */
export interface PausableSource {
  pause(): unknown;
  resume(): unknown;
}

/** Messages that may wait before the source is paused. */
const HIGH_WATER = 16;

/** Filled by stream events, emptied by one `for await`. */
export class MessageQueue<Message> implements AsyncIterable<Message> {
  readonly #source: PausableSource;
  readonly #waiting: Message[] = [];
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(source: PausableSource) {
    this.#source = source;
  }

  push(message: Message): void {
    this.#waiting.push(message);
    if (this.#waiting.length >= HIGH_WATER) {
      this.#source.pause();
    }
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** The first failure counts; messages that came before it are still delivered. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Message> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) {
        if (this.#waiting.length === 0) {
          this.#source.resume();
        }
        yield message;
      } else if (this.#failure !== undefined) {
        throw this.#failure.error;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    }
  }
}
