import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Refusal } from "../refusal.ts";
import { canonicalBytes, packageSetDigest, parseCanonicalBytes } from "./canonical.ts";
import { applyDelta, computeDelta } from "./delta.ts";
import { findInstalled, type InstalledPackage, makePackageSet, TRANSITION_PACKAGE } from "./package-set.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const app: InstalledPackage = {
  name: "app",
  version: "1:0.5-1",
  architecture: "any",
  buildDate: 7,
  reason: "explicit",
};

interface Vector {
  readonly about: string;
  readonly packages: readonly InstalledPackage[];
  readonly canonical: string;
  readonly digest: string;
}

const vectors = JSON.parse(
  readFileSync(new URL("../../test/golden/package-set-vectors.json", import.meta.url), "utf8"),
) as readonly Vector[];

const packages = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z0-9@_+][a-z0-9@._+-]{0,8}$/),
    version: fc.stringMatching(/^[0-9a-z.:_+~-]{1,8}$/),
    architecture: fc.constantFrom("any", "x86_64"),
    buildDate: fc.nat(),
    reason: fc.constantFrom("explicit" as const, "dependency" as const),
  }),
  { selector: (one) => one.name },
);

function refusalOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error instanceof Refusal
      ? { reason: error.reason, field: error.metadata["field"], value: error.metadata["value"] }
      : error;
  }
  return undefined;
}

describe("a package set", () => {
  it.each(vectors)("has the recorded bytes and digest: $about", (vector) => {
    const set = makePackageSet(vector.packages);
    expect(new TextDecoder().decode(canonicalBytes(set))).toBe(vector.canonical);
    expect(packageSetDigest(set, sha256)).toBe(vector.digest);
  });

  it("is the same whatever order its packages come in, and survives its own bytes", () => {
    fc.assert(
      fc.property(packages, (list) => {
        const set = makePackageSet(list);
        expect(makePackageSet([...list].reverse())).toEqual(set);
        expect(parseCanonicalBytes(canonicalBytes(set))).toEqual(set);
        for (const one of list) expect(findInstalled(set, one.name)).toEqual(one);
        expect(findInstalled(set, "not/there")).toBeUndefined();
      }),
    );
  });

  it("becomes another set by the delta between the two", () => {
    fc.assert(
      fc.property(packages, packages, (before, after) => {
        const base = makePackageSet(before);
        const next = makePackageSet(after);
        expect(applyDelta(base, computeDelta(base, next))).toEqual(next);
        expect(computeDelta(next, next)).toEqual({ upserts: [], removed: [] });
      }),
    );
  });

  it("never counts the transition package", () => {
    expect(makePackageSet([{ ...app, name: TRANSITION_PACKAGE }, app]).packages).toEqual([app]);
  });

  it.each([
    ["a name with a slash", { ...app, name: "../etc" }],
    ["an option instead of a name", { ...app, name: "--root" }],
    ["a name with a space", { ...app, name: "a b" }],
    ["a version with a newline", { ...app, version: "1\n" }],
    ["an empty version", { ...app, version: "" }],
    ["an empty architecture", { ...app, architecture: "" }],
    ["a fractional build date", { ...app, buildDate: 1.5 }],
    ["a build date before 1970", { ...app, buildDate: -1 }],
  ])("refuses %s", (_, broken) => {
    expect(refusalOf(() => makePackageSet([broken]))).toMatchObject({ reason: "INVALID_FIELD" });
  });

  it("refuses two entries of one package and names it", () => {
    expect(refusalOf(() => makePackageSet([app, { ...app, version: "2-1" }]))).toMatchObject({
      field: "packages",
      value: "app",
    });
  });

  it.each([
    ["another header", "pacpool-set 2\n"],
    ["no newline at the end", "pacpool-set 1\napp 1-1 any 7 e"],
    ["an unknown reason", "pacpool-set 1\napp 1-1 any 7 x\n"],
    ["a build date with leading zeros", "pacpool-set 1\napp 1-1 any 07 e\n"],
    ["descending names", "pacpool-set 1\nb 1-1 any 7 e\na 1-1 any 7 e\n"],
    ["the transition package", `pacpool-set 1\n${TRANSITION_PACKAGE} 1-1 any 7 e\n`],
  ])("is not parsed from bytes with %s", (_, text) => {
    expect(refusalOf(() => parseCanonicalBytes(new TextEncoder().encode(text)))).toMatchObject({
      reason: "INVALID_FIELD",
    });
  });
});
