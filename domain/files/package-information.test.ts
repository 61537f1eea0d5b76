import { describe, expect, it } from "vitest";
import { isBuildOf, isFilenameOf, isSignature } from "./package-information.ts";

const key = { name: "app", version: "1:2.0-1", architecture: "x86_64", buildDate: 100 };

describe("a package file", () => {
  it("is of a build when every field that is known on both sides is equal", () => {
    expect(isBuildOf(key, key)).toBe(true);
    expect(isBuildOf({ ...key, buildDate: 0, architecture: "" }, key)).toBe(true);
    expect(isBuildOf({ ...key, buildDate: 99 }, key)).toBe(false);
    expect(isBuildOf({ ...key, architecture: "any" }, key)).toBe(false);
    expect(isBuildOf({ ...key, version: "2.0-1" }, key)).toBe(false);
  });

  it("has a name that follows from what it says of itself", () => {
    expect(isFilenameOf("app-1:2.0-1-x86_64.pkg.tar.zst", key)).toBe(true);
    expect(isFilenameOf("app-1:2.0-1-x86_64.pkg.tar", key)).toBe(true);
    expect(isFilenameOf("app-1:2.0-1-any.pkg.tar.zst", key)).toBe(false);
    expect(isFilenameOf("app-1:2.0-1-x86_64.pkg.tar.zst.sig", key)).toBe(false);
    expect(isFilenameOf("app-1:2.0-1-x86_64", key)).toBe(false);
  });

  it("is signed by binary OpenPGP only", () => {
    expect(isSignature(Buffer.from([0x88, 0x75, 0x04]))).toBe(true);
    expect(isSignature(Buffer.from([0x89, 0x02, 0x33, 0x04]))).toBe(true);
    expect(isSignature(Buffer.from([0xc2, 0x75, 0x04]))).toBe(true);
    expect(isSignature(Buffer.from("-----BEGIN PGP SIGNATURE-----"))).toBe(false);
    // A public key.
    expect(isSignature(Buffer.from([0x98, 0x33, 0x04]))).toBe(false);
    expect(isSignature(Buffer.alloc(0))).toBe(false);
  });
});
