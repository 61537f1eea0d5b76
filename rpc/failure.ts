// The client's side of an error that carries no reason of ours: the network, a proxy, or a defect of the server.
import { status } from "@grpc/grpc-js";

/** A failed call without a known reason. `status` is the gRPC status code; `retryDelayMs` comes from RetryInfo. */
export class RpcFailure extends Error {
  override readonly name = "RpcFailure";
  readonly status: number;
  readonly retryDelayMs: number | undefined;

  constructor(
    code: number,
    message: string,
    options: { readonly cause?: unknown; readonly retryDelayMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = code;
    this.retryDelayMs = options.retryDelayMs;
  }

  /** For example UNAVAILABLE. */
  get statusName(): string {
    return status[this.status] ?? `status ${String(this.status)}`;
  }
}
