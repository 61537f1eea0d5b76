// Promise and async-iterable clients made from a generated service definition. Every unary call has a deadline.
import type {
  Client,
  ClientReadableStream,
  ClientWritableStream,
  CallOptions as GrpcCallOptions,
  Metadata,
  ServiceError,
} from "@grpc/grpc-js";
import type { ByKind, MethodDefinition, RequestOf, ResponseOf, ServiceShape } from "./calls.ts";
import { MessageQueue } from "./message-queue.ts";
import { decodeError } from "./status-details.ts";
import { writeMessage } from "./write.ts";

/** `timeoutMs` defaults to 15 s for calls that answer once; streams have no deadline unless one is given. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** An open bidirectional stream. Iterating ends when the server ends it and throws a Refusal or RpcFailure when it fails. */
export interface Duplex<Request, Response> extends AsyncIterable<Response> {
  /** Resolves once the stream can take more; rejects when it is over. */
  readonly write: (message: Partial<Request>) => Promise<void>;
  /** No more messages from this side. */
  readonly end: () => void;
  /** Ends both directions at once. */
  readonly cancel: () => void;
}

/** The clients of a service definition. Fields left out of a request have proto's defaults. */
export type PromiseClient<Service extends ServiceShape> = {
  readonly [Name in keyof Service]: ByKind<
    Service[Name],
    (request: Partial<RequestOf<Service[Name]>>, options?: CallOptions) => Promise<ResponseOf<Service[Name]>>,
    (request: Partial<RequestOf<Service[Name]>>, options?: CallOptions) => AsyncIterable<ResponseOf<Service[Name]>>,
    (
      messages: AsyncIterable<Partial<RequestOf<Service[Name]>>>,
      options?: CallOptions,
    ) => Promise<ResponseOf<Service[Name]>>,
    (options?: CallOptions) => Duplex<RequestOf<Service[Name]>, ResponseOf<Service[Name]>>
  >;
};

const UNARY_TIMEOUT_MS = 15_000;
const EMPTY = Buffer.alloc(0);

type Method = MethodDefinition<unknown, unknown>;

export function makeClient<Service extends ServiceShape>(
  service: Service,
  channel: Client,
  metadata: Metadata,
): PromiseClient<Service> {
  const client: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(service)) {
    const method = shape as unknown as Method;
    client[name] = methodClient(method, channel, metadata);
  }
  return client as PromiseClient<Service>;
}

function methodClient(method: Method, channel: Client, metadata: Metadata): unknown {
  if (method.requestStream) {
    return method.responseStream
      ? (options?: CallOptions) => openDuplex(method, channel, metadata, options)
      : (messages: AsyncIterable<object>, options?: CallOptions) =>
          callWithStream(method, channel, metadata, messages, options);
  }
  return method.responseStream
    ? (request: object, options?: CallOptions) => callForStream(method, channel, metadata, request, options)
    : (request: object, options?: CallOptions) => callOnce(method, channel, metadata, request, options);
}

function whole(method: Method, partial: object): unknown {
  return { ...(method.requestDeserialize(EMPTY) as object), ...partial };
}

function deadline(timeoutMs: number | undefined): GrpcCallOptions {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function callOnce(
  method: Method,
  channel: Client,
  metadata: Metadata,
  request: object,
  options: CallOptions = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    options.signal?.throwIfAborted();
    const { path, requestSerialize, responseDeserialize } = method;
    const limit = deadline(options.timeoutMs ?? UNARY_TIMEOUT_MS);
    const call = channel.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      whole(method, request),
      metadata,
      limit,
      settle(resolve, reject, options),
    );
    cancelOn(options.signal, call);
  });
}

async function callWithStream(
  method: Method,
  channel: Client,
  metadata: Metadata,
  messages: AsyncIterable<object>,
  options: CallOptions = {},
): Promise<unknown> {
  options.signal?.throwIfAborted();
  const { path, requestSerialize, responseDeserialize } = method;
  const closed = new AbortController();
  let call: ClientWritableStream<unknown> | undefined;
  const answer = new Promise((resolve, reject) => {
    const done = settle(resolve, reject, options);
    call = channel.makeClientStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      metadata,
      deadline(options.timeoutMs),
      (error, response) => {
        closed.abort();
        done(error, response);
      },
    );
    cancelOn(options.signal, call);
  });
  const feed = async (): Promise<void> => {
    if (call === undefined) {
      return;
    }
    for await (const message of messages) {
      if (closed.signal.aborted) {
        return;
      }
      await writeMessage(call, whole(method, message), closed.signal);
    }
    call.end();
  };
  // When the server answers early, feeding stops and the answer decides; a failing source cancels the call.
  feed().catch((error: unknown) => {
    if (!closed.signal.aborted) {
      call?.destroy(error instanceof Error ? error : new Error(String(error)));
      call?.cancel();
    }
  });
  return answer;
}

function callForStream(
  method: Method,
  channel: Client,
  metadata: Metadata,
  request: object,
  options: CallOptions = {},
): AsyncIterable<unknown> {
  return {
    async *[Symbol.asyncIterator](): AsyncIterator<unknown> {
      options.signal?.throwIfAborted();
      const { path, requestSerialize, responseDeserialize } = method;
      const call = channel.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        whole(method, request),
        metadata,
        deadline(options.timeoutMs),
      );
      cancelOn(options.signal, call);
      try {
        yield* responses(call, options.signal);
      } finally {
        call.cancel();
      }
    },
  };
}

function openDuplex(
  method: Method,
  channel: Client,
  metadata: Metadata,
  options: CallOptions = {},
): Duplex<object, unknown> {
  options.signal?.throwIfAborted();
  const { path, requestSerialize, responseDeserialize } = method;
  const call = channel.makeBidiStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    metadata,
    deadline(options.timeoutMs),
  );
  const closed = new AbortController();
  const close = (): void => {
    closed.abort(new Error("the stream is closed"));
  };
  call.on("close", close).on("error", close).on("end", close).on("status", close);
  cancelOn(options.signal, call);
  const incoming = responses(call, options.signal);
  return {
    write: (message) => writeMessage(call, whole(method, message), closed.signal),
    end: () => {
      call.end();
    },
    cancel: () => {
      call.cancel();
    },
    [Symbol.asyncIterator]: () => incoming[Symbol.asyncIterator](),
  };
}

/** Reads from the first moment on: a reader that comes late would find an unbounded buffer. */
function responses(call: ClientReadableStream<unknown>, signal: AbortSignal | undefined): AsyncIterable<unknown> {
  const queue = new MessageQueue<unknown>(call);
  call.on("data", (message: unknown) => {
    queue.push(message);
  });
  call.on("end", () => {
    queue.end();
  });
  call.on("error", (error: ServiceError) => {
    queue.fail(signal?.aborted === true ? signal.reason : decodeError(error));
  });
  return queue;
}

type Settle = (error: ServiceError | null, response?: unknown) => void;

function settle(resolve: (value: unknown) => void, reject: (error: unknown) => void, options: CallOptions): Settle {
  return (error, response) => {
    if (error === null) {
      resolve(response);
    } else {
      reject(options.signal?.aborted === true ? options.signal.reason : decodeError(error));
    }
  };
}

function cancelOn(
  signal: AbortSignal | undefined,
  call: { cancel(): void; on(event: "status", listener: () => void): unknown },
): void {
  if (signal === undefined) {
    return;
  }
  const cancel = (): void => {
    call.cancel();
  };
  signal.addEventListener("abort", cancel, { once: true });
  // A long-lived signal must not collect a listener per call.
  call.on("status", () => {
    signal.removeEventListener("abort", cancel);
  });
}
