import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeMessage, encodeMessage } from "./dbus-message.ts";
import { typesOf, WireError } from "./dbus-wire.ts";

const text = fc.string().map((value) => value.replaceAll("\0", " ").toWellFormed());
const body = fc.tuple(
  text,
  fc.nat(),
  fc.boolean(),
  fc.array(text),
  fc.array(
    fc.tuple(
      text,
      text.map((value) => ({ signature: "s", value })),
    ),
  ),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.array(fc.tuple(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 255 }))),
);

it("what is written is read again, of any length, however it arrives", () => {
  fc.assert(
    fc.property(body, fc.nat(), (values, cut) => {
      const message = {
        kind: "call",
        serial: 1,
        path: "/a",
        member: "B",
        signature: "subasa{sv}xa(dy)",
        body: values,
      } as const;
      const bytes = encodeMessage(message);
      expect(decodeMessage(bytes.subarray(0, cut % bytes.length))).toBeUndefined();
      expect(decodeMessage(Buffer.concat([bytes, bytes]))).toEqual({
        length: bytes.length,
        message: { ...message, wantsNoReply: false },
      });
    }),
  );
});

it("bytes that are no message are refused, never believed", () => {
  const whole = encodeMessage({
    kind: "signal",
    serial: 1,
    path: "/a",
    interface: "a.b",
    member: "C",
    signature: "as",
    body: [["x"]],
  });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const bytes = Buffer.from(whole);
      bytes[at] = byte;
      try {
        decodeMessage(bytes);
      } catch (error) {
        expect(error instanceof WireError || error instanceof RangeError).toBe(true);
      }
    }),
  );
});

it.each(["a", "(s", "z", "a{", `${"a".repeat(64)}s`])("%s is no signature", (signature) => {
  expect(() => typesOf(signature)).toThrow(WireError);
});
