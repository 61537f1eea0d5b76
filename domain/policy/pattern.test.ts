import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { Refusal } from "../refusal.ts";
import { checkPattern, globPattern, matchGlobs } from "./pattern.ts";

/** bash matches `case` patterns with fnmatch(3), as pacman does. */
function shellMatches(glob: string, text: string): boolean {
  const script = 'shopt -u extglob; case "$2" in $1) exit 0;; esac; exit 1';
  try {
    execFileSync("bash", ["-c", script, "bash", glob, text], { env: { LC_ALL: "C" } });
    return true;
  } catch {
    return false;
  }
}

describe("a pattern of a rule", () => {
  it.each([
    ["linux", "linux", true],
    ["linux", "linux-headers", false],
    ["linux*", "linux-headers", true],
    ["linux-?ts", "linux-lts", true],
    ["lib[ab]c", "libbc", true],
    ["lib[!ab]c", "libbc", false],
    ["lib[!ab]c", "libxc", true],
    ["lib[^ab]c", "libac", false],
    ["lib[a-c]x", "libbx", true],
    ["lib[]x]y", "lib]y", true],
    ["lib[", "lib[", true],
    ["lib\\*", "lib*", true],
    ["lib\\*", "libx", false],
    ["c++*", "c++-utils", true],
    ["a.b", "axb", false],
    ["*", "anything", true],
    ["gtk?", "gtk", false],
    ["x[z-a]", "xb", false],
    ["a[.]b", "a.b", true],
  ])("%s and %s: %s, as fnmatch says", (glob, text, expected) => {
    expect(globPattern(glob).test(text)).toBe(expected);
    expect(shellMatches(glob, text)).toBe(expected);
  });

  it("matches any of many, plain names and globs", () => {
    const { matches } = matchGlobs(["bash", "zsh*", "lib?"]);
    expect(["bash", "zsh-doc", "libx", "fish", "bash5"].map(matches)).toEqual([true, true, true, false, false]);
  });

  it.each(["bash", "linux*", "@base-devel", "@kde-*", "[ab]*", "libx11.so"])("takes %s", (pattern) => {
    expect(checkPattern("pattern", pattern)).toBe(pattern);
  });

  it.each(["", "a b", "../x", "@", "a/b", "é", "-x", "x".repeat(256), "a\nb"])("refuses %j", (pattern) => {
    expect(() => checkPattern("pattern", pattern)).toThrow(Refusal);
  });
});
