// The server's edge of every rpc: async functions and generators in, grpc-js handlers out. Authenticates first, turns
// errors into statuses once, and never lets a promise of a handler go unanswered (grpc-js would leave the caller hanging).
import { randomUUID } from "node:crypto";
import type { EventEmitter } from "node:events";
import {
  type Metadata,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type StatusObject,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Refusal } from "../domain/refusal.ts";
import type { ByKind, RequestOf, ResponseOf, ServiceShape } from "./calls.ts";
import { MessageQueue } from "./message-queue.ts";
import type { Principal } from "./principal.ts";
import { encodeDefect, encodeRefusal } from "./status-details.ts";
import { type WritableStream, writeMessage } from "./write.ts";

/** What a handler knows of its call besides the request. `signal` aborts when the caller is gone or the call is over. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly principal: Principal;
  readonly metadata: Metadata;
  readonly peer: string;
}

/** What the process gives to every handler. */
export interface Edge {
  /** Throws a Refusal for a caller who may not call this path. */
  readonly authenticate: (metadata: Metadata, path: string) => Promise<Principal>;
  /** A defect of ours, with the id that the caller was told. */
  readonly onDefect: (error: unknown, path: string, id: string) => void;
  /** Every finished call: path, status name and duration in ms. */
  readonly onFinished?: (path: string, statusName: string, durationMs: number) => void;
}

/** The handlers of a service definition. */
export type Handlers<Service extends ServiceShape> = {
  readonly [Name in keyof Service]: ByKind<
    Service[Name],
    (request: RequestOf<Service[Name]>, context: CallContext) => Promise<ResponseOf<Service[Name]>>,
    (request: RequestOf<Service[Name]>, context: CallContext) => AsyncIterable<ResponseOf<Service[Name]>>,
    (messages: AsyncIterable<RequestOf<Service[Name]>>, context: CallContext) => Promise<ResponseOf<Service[Name]>>,
    (
      messages: AsyncIterable<RequestOf<Service[Name]>>,
      context: CallContext,
      send: (message: ResponseOf<Service[Name]>) => Promise<void>,
    ) => Promise<void>
  >;
};

/** What grpc-js' Server.addService takes. */
export interface Implementation {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

type Run = (request: never, context: CallContext, send?: (message: unknown) => Promise<void>) => unknown;
type UnaryCall = ServerUnaryCall<unknown, unknown> | ServerReadableStream<unknown, unknown>;
type StreamCall = ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>;
type AnyCall = UnaryCall | StreamCall;

/** A request that did not decode. Kept as a value, since grpc-js would answer INTERNAL for the caller's fault. */
class Malformed {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** Binds handlers to a generated definition. */
export function implement<Service extends ServiceShape>(
  service: Service,
  handlers: Handlers<Service>,
  edge: Edge,
): Implementation {
  const definition: Record<string, unknown> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(service)) {
    definition[name] = tolerant(method);
    const run = (handlers as Readonly<Record<string, Run>>)[name];
    if (run === undefined) {
      throw new Error(`no handler for ${method.path}`);
    }
    implementation[name] = method.responseStream
      ? (call: StreamCall) => void serveStream(call, run, method.requestStream, edge)
      : (call: UnaryCall, reply: sendUnaryData<unknown>) => void serveOne(call, reply, run, edge);
  }
  return { definition: definition as ServiceDefinition, implementation };
}

function tolerant(method: ServiceShape[string]): unknown {
  const { requestDeserialize } = method as unknown as { requestDeserialize: (bytes: Buffer) => unknown };
  return {
    ...method,
    requestDeserialize: (bytes: Buffer): unknown => {
      try {
        return requestDeserialize(bytes);
      } catch (error) {
        return new Malformed(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

async function serveOne(call: UnaryCall, reply: sendUnaryData<unknown>, run: Run, edge: Edge): Promise<void> {
  const startedAtMs = performance.now();
  const closed = closedSignal(call);
  const path = call.getPath();
  try {
    const request = "request" in call ? wellFormed(call.request) : incoming(call, closed);
    const context = await contextOf(call, closed, edge);
    const response = await run(request as never, context);
    reply(null, response as never);
    edge.onFinished?.(path, "OK", performance.now() - startedAtMs);
  } catch (error) {
    const failure = toStatus(error, path, closed, edge);
    reply({ ...failure, name: "refused", message: failure.details });
    edge.onFinished?.(path, status[failure.code] ?? "UNKNOWN", performance.now() - startedAtMs);
  } finally {
    closed.abort();
  }
}

async function serveStream(call: StreamCall, run: Run, bidi: boolean, edge: Edge): Promise<void> {
  const startedAtMs = performance.now();
  const closed = closedSignal(call);
  const path = call.getPath();
  const send = (message: unknown): Promise<void> =>
    writeMessage(call as WritableStream<unknown>, message, closed.signal);
  try {
    // The reader is attached before the first await: messages that nobody reads would be lost or pile up.
    const request = bidi
      ? incoming(call as ServerDuplexStream<unknown, unknown>, closed)
      : wellFormed((call as ServerWritableStream<unknown, unknown>).request);
    const context = await contextOf(call, closed, edge);
    const result = run(request as never, context, send);
    if (bidi) {
      await (result as Promise<void>);
    } else {
      for await (const message of result as AsyncIterable<unknown>) {
        await send(message);
      }
    }
    call.end();
    edge.onFinished?.(path, "OK", performance.now() - startedAtMs);
  } catch (error) {
    const failure = toStatus(error, path, closed, edge);
    call.emit("error", failure);
    edge.onFinished?.(path, status[failure.code] ?? "UNKNOWN", performance.now() - startedAtMs);
  } finally {
    closed.abort();
  }
}

function incoming(
  call: ServerReadableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>,
  closed: AbortController,
): MessageQueue<unknown> {
  const queue = new MessageQueue<unknown>(call);
  call.on("data", (message: unknown) => {
    if (message instanceof Malformed) {
      queue.fail(malformedRefusal(message));
    } else {
      queue.push(message);
    }
  });
  call.on("end", () => {
    queue.end();
  });
  closed.signal.addEventListener("abort", () => {
    queue.end();
  });
  return queue;
}

async function contextOf(call: AnyCall, closed: AbortController, edge: Edge): Promise<CallContext> {
  const principal = await edge.authenticate(call.metadata, call.getPath());
  return { signal: closed.signal, principal, metadata: call.metadata, peer: call.getPeer() };
}

function closedSignal(call: AnyCall): AbortController {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(new Error("the caller is gone"));
  };
  const events: EventEmitter = call;
  events.on("cancelled", abort);
  events.on("close", abort);
  // A reset of the connection surfaces here; unheard it would end the process.
  events.on("error", abort);
  return controller;
}

function wellFormed(request: unknown): unknown {
  if (request instanceof Malformed) {
    throw malformedRefusal(request);
  }
  return request;
}

function malformedRefusal(message: Malformed): Refusal {
  return new Refusal("INVALID_FIELD", {
    field: "message",
    value: "",
    expected: `a message of this rpc (${message.why})`,
  });
}

function toStatus(error: unknown, path: string, closed: AbortController, edge: Edge): StatusObject {
  if (error instanceof Refusal) {
    return encodeRefusal(error);
  }
  const id = randomUUID();
  if (!closed.signal.aborted) {
    edge.onDefect(error, path, id);
  }
  return encodeDefect(id);
}
