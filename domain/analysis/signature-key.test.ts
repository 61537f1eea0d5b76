import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signatureKeyId } from "./signature-key.ts";

const KEY = [0x0f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a, 0x69, 0x78];
const KEY_ID = "0F1E2D3C4B5A6978";
const V4_FINGERPRINT = [...Array.from({ length: 12 }, () => 0xee), ...KEY];
const V6_FINGERPRINT = [...KEY, ...Array.from({ length: 24 }, () => 0xee)];

function base64(bytes: readonly number[]): string {
  return btoa(String.fromCharCode(...bytes));
}

const created = [5, 2, 1, 2, 3, 4];
const issuer = [9, 16, ...KEY];
const v4Issuer = [22, 33, 4, ...V4_FINGERPRINT];
const rest = [0xab, 0xcd, 0, 8, 0xff];

function area(subpackets: readonly number[], lengthBytes: number): readonly number[] {
  const size = [subpackets.length & 255];
  while (size.length < lengthBytes) size.unshift(0);
  return [...size, ...subpackets];
}

function body(version: 4 | 6, hashed: readonly number[], unhashed: readonly number[]): readonly number[] {
  const lengthBytes = version === 4 ? 2 : 4;
  return [version, 0, 1, 8, ...area(hashed, lengthBytes), ...area(unhashed, lengthBytes), ...rest];
}

function packet(bytes: readonly number[], form: "old-1" | "old-2" | "new-1" | "new-2" = "old-2"): string {
  switch (form) {
    case "old-1":
      return base64([0x88, bytes.length, ...bytes]);
    case "old-2":
      return base64([0x89, 0, bytes.length, ...bytes]);
    case "new-1":
      return base64([0xc2, bytes.length, ...bytes]);
    case "new-2":
      return base64([0xc2, 192, bytes.length, ...bytes]);
  }
}

describe("the key id of a signature", () => {
  it.each([
    ["a fingerprint among the hashed subpackets", packet(body(4, [...v4Issuer, ...created], issuer))],
    ["a fingerprint after others", packet(body(4, [...created, ...v4Issuer], []))],
    ["a key id among the unhashed subpackets only, as old signatures have it", packet(body(4, created, issuer))],
    ["version 6", packet(body(6, [34, 33, 6, ...V6_FINGERPRINT], []))],
    ["version 3", packet([3, 5, 0, 1, 2, 3, 4, ...KEY, 1, 8, ...rest])],
    ["an old packet with one byte of length", packet(body(4, v4Issuer, []), "old-1")],
    ["a new packet with one byte of length", packet(body(4, v4Issuer, []), "new-1")],
    ["a new packet with two bytes of length", packet(body(4, v4Issuer, []), "new-2")],
    ["a critical subpacket", packet(body(4, [22, 33 | 128, 4, ...V4_FINGERPRINT], []))],
    [
      "a long subpacket before it",
      packet(body(4, [192, 0, 20, ...Array.from({ length: 191 }, () => 0), ...v4Issuer], [])),
    ],
  ])("is read from %s", (_how, text) => {
    expect(signatureKeyId(text)).toBe(KEY_ID);
  });

  it.each([
    ["nothing", ""],
    ["no base64", "!!!!"],
    ["another packet", base64([0x99, 0, 10, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ["an unknown version", packet([5, ...body(4, v4Issuer, []).slice(1)])],
    ["no issuer", packet(body(4, created, created))],
    ["an end inside the key id", packet(body(4, v4Issuer, [])).slice(0, 24)],
    ["a subpacket of no length", packet(body(4, [0, ...v4Issuer], []))],
    ["an area of 60,000 bytes", packet([4, 0, 1, 8, 0xea, 0x60, ...v4Issuer])],
  ])("is unknown for %s", (_how, text) => {
    expect(signatureKeyId(text)).toBeUndefined();
  });

  it("is sixteen digits or unknown, whatever a database says", () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((list) => base64([0x89, 0, 100, 4, 0, 1, 8, 0, ...list]));
    fc.assert(
      fc.property(fc.oneof(bytes, fc.string()), (text) => {
        expect(signatureKeyId(text) ?? "0".repeat(16)).toMatch(/^[0-9A-F]{16}$/);
      }),
    );
  });
});
