import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { available, viewOf } from "../../test/support/sample-packages.ts";
import { Refusal } from "../refusal.ts";
import { computeClass } from "./class.ts";
import { DescError, parseDesc } from "./parse-desc.ts";
import { readSyncDatabase } from "./read-sync-database.ts";
import { isSatisfiedBy, parseRequirement } from "./requirement.ts";
import { TarError, walkTar } from "./tar-walk.ts";
import { checkView, type View, viewDigest } from "./view.ts";
import { findProviders } from "./view-index.ts";

const LONG = `${"long-".repeat(28)}name-1-1`;
const DESC =
  "%FILENAME%\napp-1.pkg\n\n%NAME%\napp\n\n%VERSION%\n1:2-1\n\n%ARCH%\nany\n\n%BUILDDATE%\n42\n\n%CSIZE%\n7\n\n%DEPENDS%\nlib>=2\nsh\n\n%INSTALLED_DB%\ncachyos\n\n";

describe("reading a sync database", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "pacpool-tar-"));
    for (const name of ["app-1:2-1", LONG]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "desc"), DESC);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function archive(format: string): Uint8Array {
    const { stdout, status, stderr } = spawnSync(
      "tar",
      [`--format=${format}`, "-cf", "-", "./app-1:2-1/desc", `./${LONG}/desc`],
      {
        cwd: folder,
      },
    );
    if (status !== 0) throw new Error(`tar failed: ${String(stderr)}`);
    return stdout;
  }

  it.each(["ustar", "pax", "gnu"])("finds every file of a %s archive made by tar, long paths whole", (format) => {
    const files = [...walkTar(archive(format))];
    expect(files.map((one) => one.path)).toEqual(["app-1:2-1/desc", `${LONG}/desc`]);
    expect(files.map((one) => new TextDecoder().decode(one.bytes))).toEqual([DESC, DESC]);
  });

  it("reads packages, and does not mind fields that it does not know", () => {
    const [first] = readSyncDatabase(archive("pax"), "extra");
    expect(first).toMatchObject({
      name: "app",
      version: "1:2-1",
      architecture: "any",
      repository: "extra",
      buildDate: 42,
      compressedSize: 7,
      sha256: undefined,
      base: "app",
      depends: ["lib>=2", "sh"],
      provides: [],
    });
  });

  it("refuses a truncated archive and one with a damaged header, telling where", () => {
    const bytes = archive("ustar");
    expect(() => [...walkTar(bytes.subarray(0, 1100))]).toThrow(TarError);
    expect(() => [...walkTar(bytes.subarray(0, 600))]).toThrow(/ends inside/);
    const damaged = Uint8Array.from(bytes);
    damaged[3] = 255;
    expect(() => [...walkTar(damaged)]).toThrow(/byte 0: the checksum of its header is wrong/);
  });

  it("reads an empty database", () => {
    expect(readSyncDatabase(new Uint8Array(10_240), "core")).toEqual([]);
    expect(readSyncDatabase(new Uint8Array(0), "core")).toEqual([]);
  });
});

describe("parsing a desc", () => {
  it("keeps every value of a field, and empty fields", () => {
    expect(parseDesc("%NAME%\napp\n\n%GROUPS%\na\nb\n\n%URL%\n\n%DESC%\n%odd% but fine\n")).toEqual(
      new Map([
        ["NAME", ["app"]],
        ["GROUPS", ["a", "b"]],
        ["URL", []],
        ["DESC", ["%odd% but fine"]],
      ]),
    );
  });

  it("says what it found where a field name must stand", () => {
    const error = catchError(() => parseDesc("%NAME%\napp\n\nstray\n"));
    expect(error).toBeInstanceOf(DescError);
    expect(error).toMatchObject({ line: 4, value: "stray", reason: "expected a field name such as %NAME%" });
  });

  it("refuses a field that comes twice: two writers were at work", () => {
    expect(() => parseDesc("%NAME%\na\n\n%NAME%\nb\n")).toThrow(/each field once/);
  });
});

describe("a requirement", () => {
  const gvim = { name: "gvim", version: "9.1-1", provides: ["vim=9.0", "xxd"] };
  it.each([
    ["gvim", true],
    ["gvim>=9", true],
    ["gvim<9", false],
    ["vim", true],
    ["vim=9.0-1", true],
    ["vim>9.0", false],
    ["xxd", true],
    // A provision without a version satisfies no versioned requirement.
    ["xxd>=1", false],
    ["vi", false],
    ["gvim: an optional reason", true],
  ])("%s is satisfied by gvim: %s", (text, expected) => {
    expect(isSatisfiedBy(parseRequirement(text), gvim)).toBe(expected);
  });
});

describe("a view", () => {
  const core = { repository: "core", sha256: "a1".repeat(32), size: 5 };
  const view: View = {
    architecture: "x86_64",
    class: "x86_64:core",
    databases: [core, { ...core, repository: "extra" }],
  };
  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

  it("has the digest of the text that its specification shows", () => {
    const text = `pacpool-view 1\nx86_64\ncore ${"a1".repeat(32)} 5\nextra ${"a1".repeat(32)} 5\n`;
    expect(viewDigest(view, sha256)).toBe(createHash("sha256").update(text).digest("hex"));
  });

  it("is another one when its repositories are in another order", () => {
    expect(viewDigest({ ...view, databases: view.databases.toReversed() }, sha256)).not.toBe(viewDigest(view, sha256));
  });

  it.each([
    ["a repository twice", { ...view, databases: [core, core] }],
    ["a repository that leaves its folder", { ...view, databases: [{ ...core, repository: "../core" }] }],
    ["a digest in capitals", { ...view, databases: [{ ...core, sha256: "A1".repeat(32) }] }],
    ["a negative size", { ...view, databases: [{ ...core, size: -1 }] }],
    ["an empty architecture", { ...view, architecture: "" }],
  ])("is refused with %s", (_, broken) => {
    expect(catchError(() => checkView(broken))).toBeInstanceOf(Refusal);
  });

  it("takes a name from the first repository that has it, and asks it first for a provision", () => {
    const index = viewOf(
      "app 1-1",
      available("app 2-1", {}, "extra"),
      available("sh-b 1-1", { provides: ["sh"] }),
      "sh 1-1",
    );
    expect(index.packages.get("app")?.version).toBe("1-1");
    expect(findProviders(index, parseRequirement("sh")).map((one) => one.name)).toEqual(["sh", "sh-b"]);
  });

  it("has a class made of the repositories from which base resolves, and of no others", () => {
    const index = viewOf(
      available("base 1-1", { depends: ["glibc", "sh"] }),
      "glibc 1-1",
      available("bash 1-1", { provides: ["sh"] }, "vendor"),
      available("steam 1-1", {}, "multilib"),
    );
    expect(computeClass("x86_64", index)).toBe("x86_64:core,vendor");
  });
});

function catchError(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
