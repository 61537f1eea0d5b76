// Every way in which pacpool says no, as a closed list. rpc/errors.ts gives each its gRPC status and its sentence.

/** The closed list. A new reason does not compile without a row in rpc/errors.ts. */
export const REFUSAL_REASONS = [
  "ARTIFACT_CORRUPT",
  "ARTIFACT_NOT_FOUND",
  "CLASS_UNKNOWN",
  "CLOSURE_BROKEN",
  "CONSENT_NEVER",
  "DATABASE_UNAVAILABLE",
  "DRAINING",
  "ENDPOINT_EXISTS",
  "ENDPOINT_NOT_FOUND",
  "ENDPOINT_OFFLINE",
  "FILES_MISSING",
  "FINGERPRINT_MISMATCH",
  "GUARDED_PACKAGE",
  "INVALID_FIELD",
  "LOCKED",
  "NO_REPORT",
  "NO_TARGET",
  "OPERATION_FINISHED",
  "OPERATION_NOT_FOUND",
  "OPERATION_RUNNING",
  "PERMISSION_DENIED",
  "PLAN_NOT_FOUND",
  "PLAN_REFUSED",
  "POOL_EXISTS",
  "POOL_NOT_EMPTY",
  "POOL_NOT_FOUND",
  "PROTOCOL_VERSION",
  "SIMULATION_DIFFERS",
  "SOURCE_DEGRADED",
  "SOURCE_PARTIALLY_UPGRADED",
  "STALE_DIGEST",
  "STALE_PLAN",
  "STALE_REVISION",
  "SUPERSEDED",
  "TARGET_NOT_FOUND",
  "THROTTLED",
  "TOKEN_EXPIRED",
  "TOKEN_USED",
  "TOO_LARGE",
  "UNAUTHENTICATED",
  "UNHEALTHY",
  "WRONG_KEY",
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

const KNOWN: ReadonlySet<string> = new Set(REFUSAL_REASONS);

export function isRefusalReason(text: string): text is RefusalReason {
  return KNOWN.has(text);
}

/** An expected no. `metadata` holds the facts that the sentence for people names, as short strings. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: RefusalReason;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(reason: RefusalReason, metadata: Readonly<Record<string, string>> = {}, options?: { readonly cause?: unknown }) {
    super(reason, options);
    this.reason = reason;
    this.metadata = metadata;
  }
}
