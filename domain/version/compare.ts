// Pacman's order of versions, to the letter: epoch, then version, then release. docs/spec/version-order.md.

import { encodeUtf8 } from "../text/utf8.ts";

export type Order = -1 | 0 | 1;

/**
 * Compares as pacman does; a missing release equals every release. Because of that the order is not transitive:
 * never sort by it.
 */
export function compareVersions(a: string, b: string): Order {
  // Nearly every comparison of a fleet in sync ends here.
  if (a === b) return 0;
  const left = splitVersion(toByteString(a));
  const right = splitVersion(toByteString(b));
  const epoch = compareSegments(left.epoch, right.epoch);
  if (epoch !== 0) return epoch;
  const version = compareSegments(left.version, right.version);
  if (version !== 0) return version;
  if (left.release === undefined || right.release === undefined) return 0;
  return compareSegments(left.release, right.release);
}

interface VersionParts {
  readonly epoch: string;
  readonly version: string;
  readonly release: string | undefined;
}

/** `[epoch:]version[-release]`; an epoch is digits only (or nothing) before the first colon, the release follows the last hyphen. */
export function splitVersion(text: string): VersionParts {
  let digits = 0;
  while (isDigit(text.charCodeAt(digits))) digits += 1;
  const hasEpoch = text.charCodeAt(digits) === COLON;
  const epoch = hasEpoch && digits > 0 ? text.slice(0, digits) : "0";
  const rest = hasEpoch ? text.slice(digits + 1) : text;
  const hyphen = rest.lastIndexOf("-");
  if (hyphen === -1) return { epoch, version: rest, release: undefined };
  return { epoch, version: rest.slice(0, hyphen), release: rest.slice(hyphen + 1) };
}

// libalpm counts bytes: a letter such as é is a separator of length 2. One character per byte makes lengths agree.
function toByteString(text: string): string {
  if (!NON_ASCII.test(text)) return text;
  return Array.from(encodeUtf8(text), (byte) => String.fromCharCode(byte)).join("");
}

const NON_ASCII = /[^\0-\x7f]/;

const COLON = 58;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isAlpha(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isAlphanumeric(code: number): boolean {
  return isDigit(code) || isAlpha(code);
}

function skip(text: string, from: number, belongs: (code: number) => boolean): number {
  let at = from;
  while (at < text.length && belongs(text.charCodeAt(at))) at += 1;
  return at;
}

const isSeparator = (code: number): boolean => !isAlphanumeric(code);

// The names one, two follow libalpm's rpmvercmp, so that the two can be laid side by side.
function compareSegments(one: string, two: string): Order {
  if (one === two) return 0;
  let at1 = 0;
  let at2 = 0;
  while (at1 < one.length && at2 < two.length) {
    const start1 = skip(one, at1, isSeparator);
    const start2 = skip(two, at2, isSeparator);
    const separators1 = start1 - at1;
    const separators2 = start2 - at2;
    at1 = start1;
    at2 = start2;
    if (at1 >= one.length || at2 >= two.length) break;
    // More separators is newer: 1..0 > 1.0.
    if (separators1 !== separators2) return separators1 < separators2 ? -1 : 1;
    const numeric = isDigit(one.charCodeAt(at1));
    const belongs = numeric ? isDigit : isAlpha;
    const end1 = skip(one, at1, belongs);
    const end2 = skip(two, at2, belongs);
    // The segments are of different kinds: digits are newer than letters.
    if (end2 === at2) return numeric ? 1 : -1;
    const order = numeric
      ? compareNumbers(one, at1, end1, two, at2, end2)
      : compareText(one.slice(at1, end1), two.slice(at2, end2));
    if (order !== 0) return order;
    at1 = end1;
    at2 = end2;
  }
  return compareRests(one, at1, two, at2);
}

// What is left when one side ends: letters are older than nothing (1.0rc < 1.0), everything else is newer.
function compareRests(one: string, at1: number, two: string, at2: number): Order {
  const ended1 = at1 >= one.length;
  const ended2 = at2 >= two.length;
  if (ended1 && ended2) return 0;
  if ((ended1 && !isAlpha(two.charCodeAt(at2))) || (!ended1 && isAlpha(one.charCodeAt(at1)))) return -1;
  return 1;
}

// Numbers may be longer than any integer type: without leading zeros, more digits is more.
function compareNumbers(one: string, at1: number, end1: number, two: string, at2: number, end2: number): Order {
  const isZero = (code: number): boolean => code === 48;
  const start1 = Math.min(skip(one, at1, isZero), end1);
  const start2 = Math.min(skip(two, at2, isZero), end2);
  if (end1 - start1 !== end2 - start2) return end1 - start1 < end2 - start2 ? -1 : 1;
  return compareText(one.slice(start1, end1), two.slice(start2, end2));
}

function compareText(one: string, two: string): Order {
  if (one === two) return 0;
  return one < two ? -1 : 1;
}
