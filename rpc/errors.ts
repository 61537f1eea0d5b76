// The only table of refusals: gRPC status, whether the same call may succeed later, and the sentence for people.
// docs/spec/errors.md is generated from it.
import type { RefusalReason } from "../domain/refusal.ts";

/** Facts of a refusal: short strings by name. */
export type Facts = Readonly<Record<string, string>>;

/** The gRPC statuses that a refusal may have. */
export type RefusalStatus =
  | "ABORTED"
  | "ALREADY_EXISTS"
  | "FAILED_PRECONDITION"
  | "INVALID_ARGUMENT"
  | "NOT_FOUND"
  | "PERMISSION_DENIED"
  | "RESOURCE_EXHAUSTED"
  | "UNAUTHENTICATED"
  | "UNAVAILABLE";

export interface RefusalRow {
  readonly status: RefusalStatus;
  /** The same call may succeed later without anyone changing anything. */
  readonly retryable: boolean;
  /** Sent as RetryInfo. */
  readonly retryDelayMs?: number;
  /** What happened and what to do, in one or two sentences. */
  readonly sentence: (facts: Facts) => string;
}

const named = (facts: Facts, key: string, fallback: string): string => facts[key] ?? fallback;

function row(status: RefusalStatus, sentence: (facts: Facts) => string): RefusalRow {
  return { status, retryable: false, sentence };
}

function later(status: RefusalStatus, retryDelayMs: number, sentence: (facts: Facts) => string): RefusalRow {
  return { status, retryable: true, retryDelayMs, sentence };
}

const TABLE = {
  ARTIFACT_CORRUPT: row(
    "INVALID_ARGUMENT",
    (f) => `file ${named(f, "sha256", "")} does not have the size or digest that was announced; nothing was kept`,
  ),
  ARTIFACT_NOT_FOUND: row("NOT_FOUND", (f) => `the server does not have file ${named(f, "sha256", "")}`),
  ARTIFACT_UNSIGNED: row(
    "FAILED_PRECONDITION",
    (f) =>
      `package file ${named(f, "sha256", "")} has no signature, and unsigned files never travel; to allow this one, add its digest to unsigned_allowed in server.toml`,
  ),
  CLASS_UNKNOWN: row(
    "FAILED_PRECONDITION",
    (f) =>
      `the target has no view for class ${named(f, "class", "of this endpoint")}; take a target from an endpoint of that class`,
  ),
  CLOSURE_BROKEN: row(
    "FAILED_PRECONDITION",
    (f) => `pacman cannot satisfy every dependency: ${named(f, "details", "see the plan")}`,
  ),
  CONFLICTS_UNDECIDED: row(
    "FAILED_PRECONDITION",
    (f) =>
      `${named(f, "endpoint", "the endpoint")} changed packages by itself and nobody has chosen yet: ${named(f, "packages", "see the conflicts")}; choose with \`pacpool conflict resolve\`, then approve a new plan`,
  ),
  CONSENT_NEVER: row(
    "FAILED_PRECONDITION",
    (f) =>
      `the owner of ${named(f, "endpoint", "this endpoint")} lets pacpool plan only; set apply = "ask" in its agent.toml to allow operations`,
  ),
  DATABASE_UNAVAILABLE: later(
    "UNAVAILABLE",
    2_000,
    () => "the server cannot reach its database right now; try again shortly",
  ),
  DOWNGRADE_REFUSED: row(
    "FAILED_PRECONDITION",
    (f) => `the pool refuses downgrades, and the plan has some: ${named(f, "details", "see the plan")}`,
  ),
  DRAINING: later("UNAVAILABLE", 2_000, () => "the server is stopping; try again shortly"),
  ENDPOINT_EXISTS: row(
    "ALREADY_EXISTS",
    (f) =>
      `an endpoint named ${named(f, "endpoint", "so")} exists; after a reinstall use --replace ${named(f, "endpoint", "NAME")}, else another --name`,
  ),
  ENDPOINT_NOT_FOUND: row(
    "NOT_FOUND",
    (f) => `there is no endpoint ${named(f, "endpoint", "of that name")}; see pacpool endpoint list`,
  ),
  ENDPOINT_OFFLINE: row(
    "FAILED_PRECONDITION",
    (f) =>
      `endpoint ${named(f, "endpoint", "")} is not connected, so it cannot be asked; start its agent and try again`,
  ),
  FILES_MISSING: row(
    "FAILED_PRECONDITION",
    (f) => `package files cannot be had: ${named(f, "details", "see the plan")}`,
  ),
  FINGERPRINT_MISMATCH: row(
    "PERMISSION_DENIED",
    (f) =>
      `the server at ${named(f, "address", "that address")} is not the one of the join code (its authority has another fingerprint); get a new code with pacpool token create`,
  ),
  GUARDED_PACKAGE: row(
    "FAILED_PRECONDITION",
    (f) => `the plan would remove ${named(f, "package", "a guarded package")}, which pacpool never does`,
  ),
  INVALID_FIELD: row(
    "INVALID_ARGUMENT",
    (f) =>
      `${named(f, "field", "a field")} is wrong${f["value"] === undefined || f["value"] === "" ? "" : ` ("${f["value"]}")`}; expected ${named(f, "expected", "another value")}`,
  ),
  LOCKED: row(
    "FAILED_PRECONDITION",
    (f) => `it is too late or too early for that: ${named(f, "details", "pacman is at work there")}`,
  ),
  NO_CONFLICT: row(
    "NOT_FOUND",
    (f) =>
      `${named(f, "package", "the package")} is in no conflict on ${named(f, "endpoint", "that endpoint")}; \`pacpool conflict list\` shows those that are`,
  ),
  NO_REPORT: row(
    "FAILED_PRECONDITION",
    (f) => `endpoint ${named(f, "endpoint", "")} has not reported its packages yet; start its agent and try again`,
  ),
  NO_TARGET: row(
    "FAILED_PRECONDITION",
    (f) => `pool ${named(f, "pool", "")} has no target yet; take one with pacpool set-latest`,
  ),
  OPERATION_FINISHED: row("FAILED_PRECONDITION", (f) => `operation ${named(f, "operation", "")} has finished already`),
  OPERATION_NOT_FOUND: row(
    "NOT_FOUND",
    (f) => `there is no operation ${named(f, "operation", "of that id")}; see pacpool operation list`,
  ),
  OPERATION_RUNNING: row(
    "FAILED_PRECONDITION",
    (f) =>
      `operation ${named(f, "operation", "")} is still under way on ${named(f, "endpoint", "this endpoint")}; wait for it or cancel it`,
  ),
  PERMISSION_DENIED: row(
    "PERMISSION_DENIED",
    (f) => `this key may not do that; it needs the role ${named(f, "role", "of an administrator")}`,
  ),
  PLAN_NOT_FOUND: row(
    "NOT_FOUND",
    (f) => `there is no plan ${named(f, "plan", "of that digest")}; make a new one with pacpool plan`,
  ),
  PLAN_REFUSED: row(
    "FAILED_PRECONDITION",
    (f) => `the endpoint has no plan: ${named(f, "details", "see pacpool plan")}`,
  ),
  POOL_EXISTS: row("ALREADY_EXISTS", (f) => `a pool named ${named(f, "pool", "so")} exists`),
  POOL_NOT_EMPTY: row(
    "FAILED_PRECONDITION",
    (f) => `pool ${named(f, "pool", "")} still has endpoints; move them first with pacpool endpoint move`,
  ),
  POOL_NOT_FOUND: row(
    "NOT_FOUND",
    (f) => `there is no pool ${named(f, "pool", "of that name")}; see pacpool pool list`,
  ),
  PROTOCOL_VERSION: row(
    "FAILED_PRECONDITION",
    (f) =>
      `agent and server speak different protocols (${named(f, "agent", "?")} and ${named(f, "server", "?")}); bring both to the same pacpool version`,
  ),
  RULE_NOT_FOUND: row(
    "NOT_FOUND",
    (f) => `there is no rule ${named(f, "rule", "of that kind")}; it may have been removed already`,
  ),
  SIMULATION_DIFFERS: row(
    "FAILED_PRECONDITION",
    (f) => `pacman would do something else than wanted: ${named(f, "details", "see the plan")}`,
  ),
  SOURCE_DEGRADED: row(
    "FAILED_PRECONDITION",
    (f) =>
      `the last operation on ${named(f, "endpoint", "the source")} was not proven; repair it before it becomes a target`,
  ),
  SOURCE_PARTIALLY_UPGRADED: row(
    "FAILED_PRECONDITION",
    (f) =>
      `installed versions on ${named(f, "endpoint", "the source")} differ from its view: ${named(f, "details", "")}; upgrade it fully, or pin them with --pin NAME or --pin-all`,
  ),
  STALE_DIGEST: row(
    "ABORTED",
    () => "the report is based on a package set that the server does not have as the newest; the full state is needed",
  ),
  STALE_PLAN: row(
    "ABORTED",
    (f) => `endpoint ${named(f, "endpoint", "")} has changed since the plan was made; make a new plan`,
  ),
  STALE_REVISION: row(
    "ABORTED",
    (f) =>
      `revision ${named(f, "expected", "?")} is not the newest any more (${named(f, "actual", "?")} is); look again and decide`,
  ),
  SUPERSEDED: row(
    "ABORTED",
    () =>
      "a newer stream of the same endpoint took over; if this is not a restart, the machine was cloned: run pacpool agent reset on one of the two",
  ),
  TARGET_BAD: row(
    "FAILED_PRECONDITION",
    (f) =>
      `this is what target ${named(f, "revision", "")} of pool ${named(f, "pool", "")} was before a revert marked it bad; upgrade once there are newer packages, or take it again all the same with --even-bad`,
  ),
  TARGET_NOT_FOUND: row(
    "NOT_FOUND",
    (f) =>
      `pool ${named(f, "pool", "")} has no target revision ${named(f, "revision", "")}; see pacpool target history`,
  ),
  THROTTLED: later("RESOURCE_EXHAUSTED", 5_000, () => "too much at once; try again shortly"),
  TOKEN_EXPIRED: row(
    "PERMISSION_DENIED",
    () => "the enrolment token has expired; make a new one with pacpool token create",
  ),
  TOKEN_USED: row(
    "PERMISSION_DENIED",
    () => "the enrolment token has been used; make a new one with pacpool token create",
  ),
  TOO_LARGE: row(
    "RESOURCE_EXHAUSTED",
    (f) => `${named(f, "field", "it")} is over its limit of ${named(f, "limit", "?")}`,
  ),
  UNAUTHENTICATED: row(
    "UNAUTHENTICATED",
    () => "no key was sent; give one by PACPOOL_KEY, PACPOOL_KEY_FILE or a profile",
  ),
  UNHEALTHY: row(
    "FAILED_PRECONDITION",
    (f) => `the machine's package database needs care first: ${named(f, "details", "see pacpool doctor")}`,
  ),
  WRONG_KEY: row("UNAUTHENTICATED", () => "the key is not one of this server's, or it was revoked"),
} as const satisfies Record<RefusalReason, RefusalRow>;

export function refusalRow(reason: RefusalReason): RefusalRow {
  return TABLE[reason];
}

/** The sentence that people read for a refusal. */
export function refusalSentence(refusal: { readonly reason: RefusalReason; readonly metadata: Facts }): string {
  return refusalRow(refusal.reason).sentence(refusal.metadata);
}

/** Every row, for the generated documentation. */
export function refusalRows(): readonly (readonly [RefusalReason, RefusalRow])[] {
  return Object.entries(TABLE) as [RefusalReason, RefusalRow][];
}
