// Checks of single request fields. Everything that a service hands to an operation went through one of these.
import { invalidField, Refusal } from "../../domain/refusal.ts";
import { TargetMode } from "../../proto/generated/pacpool/v1/target.ts";
import type { Principal } from "../../rpc/principal.ts";
import type { Mutation, Page } from "../operations/records.ts";

/** Bytes that break terminals, logs or PostgreSQL's text; line ends and tabs are for messages only. */
// oxlint-disable-next-line no-control-regex -- exactly these are refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
// oxlint-disable-next-line no-control-regex -- exactly these are refused
const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

export const POOL_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/;
export const ENDPOINT_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/;
const ID_OR_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;
const PACKAGE_NAME = /^[A-Za-z0-9@_+][A-Za-z0-9@._+-]{0,254}$/;
/** No folder, not hidden: it becomes a file's name in caches. */
const PACKAGE_FILENAME = /^[A-Za-z0-9@_+][A-Za-z0-9@._+:~=-]{0,250}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const LABEL_NAME = /^[a-z0-9](?:[a-z0-9./_-]{0,61}[a-z0-9])?$/;
const IDEMPOTENCY_KEY = /^[A-Za-z0-9._:-]{1,64}$/;

function matching(field: string, value: string, pattern: RegExp, expected: string): string {
  if (!pattern.test(value)) {
    throw invalidField(field, value, expected);
  }
  return value;
}

/** An id or a name of a thing that should exist. */
export function reference(field: string, value: string): string {
  return matching(field, value, ID_OR_NAME, "an id or a name");
}

export function optionalReference(field: string, value: string): string | undefined {
  return value === "" ? undefined : reference(field, value);
}

export function poolName(field: string, value: string): string {
  return matching(
    field,
    value,
    POOL_NAME,
    "1 to 63 lower-case letters, digits, dots and dashes, letters or digits at both ends",
  );
}

export function endpointName(field: string, value: string): string {
  return matching(
    field,
    value,
    ENDPOINT_NAME,
    "1 to 253 letters, digits, dots, dashes and underscores, letters or digits at both ends",
  );
}

export function packageNames(field: string, values: readonly string[], limit: number): readonly string[] {
  atMost(field, values.length, limit, "names");
  return values.map((value) => matching(field, value, PACKAGE_NAME, "names of packages"));
}

export function packageName(field: string, value: string): string {
  return matching(field, value, PACKAGE_NAME, "the name of a package");
}

export function packageFilename(field: string, value: string): string {
  return matching(field, value, PACKAGE_FILENAME, "the name of a package file without a folder");
}

export function sha256(field: string, value: string): string {
  return matching(field, value, SHA256, "64 lower-case hexadecimal digits");
}

/** Undefined when the caller sent none: then a retry runs the call again. */
export function idempotencyKey(value: string): string | undefined {
  return value === ""
    ? undefined
    : matching(
        "idempotency_key",
        value,
        IDEMPOTENCY_KEY,
        "1 to 64 letters, digits, dots, colons, dashes and underscores",
      );
}

/** Who asks, and under which key a repetition is the same deed. */
export function mutation(request: { readonly idempotencyKey: string }, caller: Principal): Mutation {
  return { caller, idempotencyKey: idempotencyKey(request.idempotencyKey) };
}

/** One line for people, possibly empty. */
export function line(field: string, value: string, limit: number): string {
  if (value.length > limit || CONTROL.test(value)) {
    throw invalidField(field, value, `at most ${String(limit)} characters in one line`);
  }
  return value.toWellFormed();
}

/** Text for people over several lines, possibly empty. */
export function text(field: string, value: string, limit: number): string {
  if (value.length > limit || CONTROL_BUT_LINES.test(value)) {
    throw invalidField(field, value, `at most ${String(limit)} characters without control characters`);
  }
  return value.toWellFormed();
}

/** A page size of 0 means the usual one. The token is only bounded here: whoever made it reads it. */
export function page(
  request: { readonly pageSize: number; readonly pageToken: string },
  usual: number,
  limit: number,
): Page {
  const token = line("page_token", request.pageToken, 500);
  const size = request.pageSize === 0 ? usual : within("page_size", request.pageSize, 1, limit);
  return { size, token: token === "" ? undefined : token };
}

/** A mode by number; proto3 lets any number through. */
export function mode(field: string, value: TargetMode): TargetMode {
  if (value !== TargetMode.UNSPECIFIED && value !== TargetMode.VERSIONS && value !== TargetMode.MIRROR) {
    throw invalidField(field, String(value), "VERSIONS or MIRROR");
  }
  return value;
}

export function within(field: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw invalidField(field, String(value), `a whole number from ${String(least)} to ${String(most)}`);
  }
  return value;
}

/** Revisions and sequences: int64 on the wire, exact numbers inside. */
export function revision(field: string, value: bigint): number {
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw invalidField(field, String(value), "a whole number from 0");
  }
  return Number(value);
}

export function optionalRevision(field: string, value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : revision(field, value);
}

export function atMost(field: string, count: number, limit: number, unit: string): void {
  if (count > limit) {
    throw new Refusal("TOO_LARGE", { field, limit: `${String(limit)} ${unit}` });
  }
}

/** Labels by name: at most 64, values of at most 255 characters. */
export function labels(field: string, entries: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(entries);
  atMost(field, pairs.length, 64, "labels");
  return Object.fromEntries(
    pairs.map(([name, value]) => [labelName(field, name), line(`${field}.${name}`, value, 255)]),
  );
}

export function labelName(field: string, name: string): string {
  return matching(
    field,
    name,
    LABEL_NAME,
    "label names of 1 to 63 lower-case letters, digits, dots, slashes, dashes and underscores",
  );
}
