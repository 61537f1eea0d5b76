// The byte format that package set digests are taken over. Server, agent and tests must get the same bytes, so it changes
// only with the number in its first line. docs/spec/package-set.md.
import { MAX_PACKAGES } from "../limits.ts";
import { invalidField, tooLarge } from "../refusal.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { type InstalledPackage, makePackageSet, type PackageSet } from "./package-set.ts";

/** Lower-case hex SHA-256, passed in: domain has no hashes. */
export type Sha256 = (bytes: Uint8Array) => string;

const HEADER = "pacpool-set 1";

// Name, version, architecture, 12 digits, reason: with every field at its longest.
const MAX_LINE_BYTES = 512;

export function canonicalBytes(set: PackageSet): Uint8Array {
  let text = `${HEADER}\n`;
  for (const one of set.packages) {
    text += `${one.name} ${one.version} ${one.architecture} ${one.buildDate} ${one.reason === "explicit" ? "e" : "d"}\n`;
  }
  return encodeUtf8(text);
}

export function packageSetDigest(set: PackageSet, sha256: Sha256): string {
  return sha256(canonicalBytes(set));
}

/** Takes canonical bytes only: anything else, also an unsorted list, is refused with INVALID_FIELD. */
export function parseCanonicalBytes(bytes: Uint8Array): PackageSet {
  if (bytes.length > MAX_PACKAGES * MAX_LINE_BYTES) throw tooLarge("package set", MAX_PACKAGES * MAX_LINE_BYTES);
  const lines = decodeLines(bytes);
  if (lines[0] !== HEADER) throw invalidField("package set", lines[0] ?? "", `a first line "${HEADER}"`);
  if (lines.at(-1) !== "") throw invalidField("package set", lines.at(-1) ?? "", "a newline at its end");
  const packages = lines.slice(1, -1).map(parseCanonicalLine);
  for (let at = 1; at < packages.length; at += 1) {
    const name = packages[at]?.name ?? "";
    if ((packages[at - 1]?.name ?? "") >= name)
      throw invalidField("package set", name, "each name once, in ascending order");
  }
  const set = makePackageSet(packages);
  if (set.packages.length !== packages.length) throw invalidField("package set", "", "no transition package");
  return set;
}

function decodeLines(bytes: Uint8Array): readonly string[] {
  try {
    return decodeUtf8(bytes).split("\n");
  } catch (error) {
    throw new Error("reading a package set: its bytes are not UTF-8", { cause: error });
  }
}

const LINE = /^([^ ]+) ([^ ]+) ([^ ]+) (0|[1-9][0-9]{0,11}) ([ed])$/;

/** One line but the first. Refuses INVALID_FIELD. */
export function parseCanonicalLine(line: string): InstalledPackage {
  const [, name, version, architecture, buildDate, reason] = LINE.exec(line) ?? [];
  if (name === undefined || version === undefined || architecture === undefined || buildDate === undefined) {
    throw invalidField("package set line", line, "name, version, architecture, build date and e or d, one space apart");
  }
  return {
    name,
    version,
    architecture,
    buildDate: Number(buildDate),
    reason: reason === "e" ? "explicit" : "dependency",
  };
}
