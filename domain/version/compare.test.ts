import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions } from "./compare.ts";

const cases = readFileSync(new URL("../../test/golden/vercmp-cases.tsv", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => {
    const [left = "", right = "", order = ""] = line.split("\t");
    return { left, right, order: Number(order) };
  });

describe("comparing versions", () => {
  it("agrees with pacman on every recorded pair, in both directions", () => {
    expect(cases.length).toBe(221);
    const wrong = cases.filter(({ left, right, order }) => {
      const mirrored = order === 0 ? 0 : -order;
      return compareVersions(left, right) !== order || compareVersions(right, left) !== mirrored;
    });
    expect(wrong).toEqual([]);
  });

  it("agrees with the vercmp of this machine on pairs that look like versions and on ones that do not", () => {
    // vercmp takes one pair per process, 2 ms each: enough to notice a wrong rule, short enough for every run.
    fc.assert(
      fc.property(versionPair(), ([left, right]) => {
        expect({ left, right, order: compareVersions(left, right) }).toEqual({
          left,
          right,
          order: askVercmp(left, right),
        });
      }),
      { numRuns: 300 },
    );
  });

  it("is mirrored: the order of b and a is the opposite of a and b", () => {
    fc.assert(
      fc.property(versionPair(), ([left, right]) => {
        expect(compareVersions(left, right) + compareVersions(right, left)).toBe(0);
      }),
    );
  });
});

function askVercmp(left: string, right: string): number {
  // Without "--" a version that begins with a hyphen would be an option; vercmp knows no "--", so none is generated.
  const { stdout, error } = spawnSync("/usr/bin/vercmp", [left, right], { encoding: "utf8" });
  if (error !== undefined) throw new Error("running /usr/bin/vercmp, which this test needs", { cause: error });
  return Number(stdout);
}

function versionPair(): fc.Arbitrary<[string, string]> {
  const segment = fc.oneof(
    fc.nat({ max: 120 }).map(String),
    fc.constantFrom("0", "00", "01", "a", "rc", "beta", "r1", "é"),
  );
  const separator = fc.constantFrom(".", "..", "_", "+", "~", "", "-", ":", "é", " ");
  const version = fc
    .array(fc.tuple(segment, separator), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.flat().join(""))
    .filter((text) => !text.startsWith("-"));
  // Small changes to one version ask more of the rules than two unrelated ones.
  const near = fc
    .tuple(version, segment, separator)
    .map(([text, add, by]): [string, string] => [text, `${text}${by}${add}`]);
  return fc.oneof(fc.tuple(version, version), near);
}
