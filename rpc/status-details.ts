// google.rpc.Status in grpc-status-details-bin: encoded once here for the server, decoded once here for clients.
import { Metadata, type ServiceError, type StatusObject, status } from "@grpc/grpc-js";
import { isRefusalReason, Refusal } from "../domain/refusal.ts";
import { BadRequest, ErrorInfo, PreconditionFailure, RetryInfo, Status } from "../proto/generated/google/rpc/status.ts";
import { refusalRow } from "./errors.ts";
import { RpcFailure } from "./failure.ts";

const DETAILS_KEY = "grpc-status-details-bin";
const DOMAIN = "pacpool";
const TYPE_PREFIX = "type.googleapis.com/google.rpc.";
/** HTTP/2 peers commonly refuse header blocks over 8 KiB; base64 adds a third. */
const MAX_METADATA_CHARS = 2_000;

interface Detail {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** What a refusal looks like on the wire. */
export function encodeRefusal(refusal: Refusal): StatusObject {
  const row = refusalRow(refusal.reason);
  const message = row.sentence(refusal.metadata).toWellFormed();
  const details: Detail[] = [
    detail(
      "ErrorInfo",
      ErrorInfo.encode({ reason: refusal.reason, domain: DOMAIN, metadata: bounded(refusal.metadata) }).finish(),
    ),
  ];
  if (row.status === "INVALID_ARGUMENT") {
    const violation = { field: refusal.metadata["field"] ?? "", description: message };
    details.push(detail("BadRequest", BadRequest.encode({ fieldViolations: [violation] }).finish()));
  }
  if (row.status === "FAILED_PRECONDITION") {
    const violation = { type: refusal.reason, subject: refusal.metadata["subject"] ?? "", description: message };
    details.push(detail("PreconditionFailure", PreconditionFailure.encode({ violations: [violation] }).finish()));
  }
  if (row.retryDelayMs !== undefined) {
    const retryDelay = {
      seconds: BigInt(Math.floor(row.retryDelayMs / 1_000)),
      nanos: (row.retryDelayMs % 1_000) * 1_000_000,
    };
    details.push(detail("RetryInfo", RetryInfo.encode({ retryDelay }).finish()));
  }
  return wrap(status[row.status], message, details);
}

/** What a defect looks like on the wire: a fixed sentence and an id that leads to the log, nothing of the error itself. */
export function encodeDefect(id: string): StatusObject {
  return wrap(status.INTERNAL, `the server failed; its log has the cause under ${id}`, []);
}

function wrap(code: status, message: string, details: readonly Detail[]): StatusObject {
  const metadata = new Metadata();
  const bytes = Status.encode({
    code,
    message,
    details: details.map(({ typeUrl, value }) => ({ typeUrl, value: Buffer.from(value) })),
  }).finish();
  metadata.set(DETAILS_KEY, Buffer.from(bytes));
  return { code, details: message, metadata };
}

function detail(name: string, value: Uint8Array): Detail {
  return { typeUrl: TYPE_PREFIX + name, value };
}

function bounded(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(metadata).map(([key, value]) => {
    const text = value.toWellFormed();
    return [key, text.length > MAX_METADATA_CHARS ? `${text.slice(0, MAX_METADATA_CHARS)}...` : text] as const;
  });
  return Object.fromEntries(entries);
}

/** The error that a client throws: a Refusal when the server gave a reason we know, else an RpcFailure. */
export function decodeError(error: ServiceError): Refusal | RpcFailure {
  const decoded = decodeDetails(error);
  if (decoded.reason !== undefined && isRefusalReason(decoded.reason)) {
    return new Refusal(decoded.reason, decoded.metadata, { cause: error });
  }
  const retry = decoded.retryDelayMs === undefined ? {} : { retryDelayMs: decoded.retryDelayMs };
  return new RpcFailure(error.code, error.details === "" ? error.message : error.details, { cause: error, ...retry });
}

interface Decoded {
  readonly reason?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly retryDelayMs?: number;
}

function decodeDetails(error: ServiceError): Decoded {
  const [raw] = error.metadata?.get(DETAILS_KEY) ?? [];
  if (!(raw instanceof Buffer)) {
    return { metadata: {} };
  }
  try {
    let found: Decoded = { metadata: {} };
    for (const { typeUrl, value } of Status.decode(raw).details) {
      if (typeUrl === `${TYPE_PREFIX}ErrorInfo`) {
        const info = ErrorInfo.decode(value);
        found = info.domain === DOMAIN ? { ...found, reason: info.reason, metadata: info.metadata } : found;
      } else if (typeUrl === `${TYPE_PREFIX}RetryInfo`) {
        const delay = RetryInfo.decode(value).retryDelay;
        found = { ...found, retryDelayMs: Number(delay?.seconds ?? 0n) * 1_000 + (delay?.nanos ?? 0) / 1_000_000 };
      }
    }
    return found;
  } catch {
    // Details are a courtesy of the peer: when they are garbage the status alone has to do.
    return { metadata: {} };
  }
}
