// Why the product says no: a closed list that server, agent and faces share. It knows no status codes and no sentences:
// rpc/errors.ts holds the one table that gives both.

/** Every reason, sorted. A reason is never renamed: it travels on the wire. */
export const REFUSAL_REASONS = [
  "ARTIFACT_CORRUPT",
  "ARTIFACT_NOT_FOUND",
  "ARTIFACT_UNSIGNED",
  "CLASS_UNKNOWN",
  "CLOSURE_BROKEN",
  "CONFLICTS_UNDECIDED",
  "CONSENT_NEVER",
  "DATABASE_UNAVAILABLE",
  "DOWNGRADE_REFUSED",
  "DRAINING",
  "ENDPOINT_EXISTS",
  "ENDPOINT_NOT_FOUND",
  "ENDPOINT_OFFLINE",
  "FILES_MISSING",
  "FINGERPRINT_MISMATCH",
  "GUARDED_PACKAGE",
  "INVALID_FIELD",
  "LOCKED",
  "NO_CONFLICT",
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
  "RULE_NOT_FOUND",
  "SIMULATION_DIFFERS",
  "SOURCE_DEGRADED",
  "SOURCE_PARTIALLY_UPGRADED",
  "STALE_DIGEST",
  "STALE_PLAN",
  "STALE_REVISION",
  "SUPERSEDED",
  "TARGET_BAD",
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

/** Facts of a refusal: short strings by name. INVALID_FIELD carries field, value and expected; TOO_LARGE field and limit. */
export type RefusalMetadata = Readonly<Record<string, string>>;

/** A deliberate no. Its message names reason and facts for logs; people read the sentence of rpc/errors.ts. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: RefusalReason;
  readonly metadata: RefusalMetadata;

  constructor(reason: RefusalReason, metadata: RefusalMetadata = {}, options?: ErrorOptions) {
    const facts = Object.entries(metadata).map(([key, value]) => `${key}=${value}`);
    super(facts.length === 0 ? reason : `${reason} ${facts.join(" ")}`, options);
    this.reason = reason;
    this.metadata = metadata;
  }
}

const known: ReadonlySet<string> = new Set(REFUSAL_REASONS);

export function isRefusalReason(value: string): value is RefusalReason {
  return known.has(value);
}

// Long enough to recognise a value, short enough for one log line and one gRPC trailer.
const SHOWN_VALUE_CHARACTERS = 80;

/** A value that breaks a rule: names the field, shows the value cut to 80 characters, says what would be right. */
export function invalidField(field: string, value: string, expected: string): Refusal {
  const shown = value.length > SHOWN_VALUE_CHARACTERS ? `${value.slice(0, SHOWN_VALUE_CHARACTERS)}...` : value;
  return new Refusal("INVALID_FIELD", { field, value: shown.toWellFormed(), expected });
}

/** Something over its bound. */
export function tooLarge(field: string, limit: number): Refusal {
  return new Refusal("TOO_LARGE", { field, limit: String(limit) });
}
