// Whole messages of D-Bus: header and body to bytes, and bytes as they arrive to messages. Must not know connections.
import { type BusValue, typesOf, WireError, WireReader, WireWriter } from "./dbus-wire.ts";

const KINDS = { call: 1, reply: 2, error: 3, signal: 4 } as const;

export interface BusMessage {
  readonly kind: keyof typeof KINDS;
  readonly serial: number;
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly errorName?: string;
  readonly replySerial?: number;
  readonly destination?: string;
  readonly sender?: string;
  readonly signature?: string;
  readonly body?: readonly BusValue[];
  /** The caller does not wait. */
  readonly wantsNoReply?: boolean;
}

const FIELDS = [
  ["path", 1, "o"],
  ["interface", 2, "s"],
  ["member", 3, "s"],
  ["errorName", 4, "s"],
  ["replySerial", 5, "u"],
  ["destination", 6, "s"],
  ["sender", 7, "s"],
  ["signature", 8, "g"],
] as const satisfies readonly (readonly [keyof BusMessage, number, string])[];

const LITTLE_END = "l".charCodeAt(0);
const PROTOCOL_VERSION = 1;
const NO_REPLY_EXPECTED = 1;
/** Byte order, kind, flags, version, body length, serial, length of the fields. */
const FIXED_BYTES = 16;
/** Ours and a notification daemon's are some hundred bytes; the specification's 128 MiB are for others. */
const MAX_MESSAGE_BYTES = 1 << 20;

export function encodeMessage(message: BusMessage): Buffer {
  const body = new WireWriter();
  const types = typesOf(message.signature ?? "");
  for (const [at, type] of types.entries()) body.write(type, message.body?.[at] ?? "");
  const header = new WireWriter();
  header.write("y", LITTLE_END);
  header.write("y", KINDS[message.kind]);
  header.write("y", message.wantsNoReply === true ? NO_REPLY_EXPECTED : 0);
  header.write("y", PROTOCOL_VERSION);
  header.write("u", body.bytes().length);
  header.write("u", message.serial);
  const fields = FIELDS.flatMap(([name, code, signature]): BusValue[] => {
    const value = message[name];
    return value === undefined || value === "" ? [] : [[code, { signature, value }]];
  });
  header.write("a(yv)", fields);
  header.align(8);
  return Buffer.concat([header.bytes(), body.bytes()]);
}

/** The first whole message of what has arrived and how many bytes it took; undefined while some are missing. */
export function decodeMessage(bytes: Buffer): { readonly message: BusMessage; readonly length: number } | undefined {
  if (bytes.length < FIXED_BYTES) return undefined;
  if (bytes[0] !== LITTLE_END) throw new WireError("messages of machines with the big end first are not read");
  const bodyLength = bytes.readUInt32LE(4);
  const headerLength = FIXED_BYTES + bytes.readUInt32LE(12);
  const bodyAt = headerLength + ((8 - (headerLength % 8)) % 8);
  const length = bodyAt + bodyLength;
  if (length > MAX_MESSAGE_BYTES) throw new WireError(`a message of ${String(length)} bytes is too long`);
  if (bytes.length < length) return undefined;
  const fields = new Map<number, BusValue>();
  // The fields' own length stands at 12 and is read with them.
  for (const field of new WireReader(bytes.subarray(0, length), 12).read("a(yv)") as readonly BusValue[]) {
    const [code, variant] = field as readonly [number, { readonly value: BusValue }];
    fields.set(code, variant.value);
  }
  const given = fields.get(8);
  const signature = typeof given === "string" ? given : "";
  const reader = new WireReader(bytes.subarray(0, length), bodyAt);
  const kind = (Object.keys(KINDS) as BusMessage["kind"][]).find((one) => KINDS[one] === bytes[1]) ?? "signal";
  const named = FIELDS.map(([name, code]) => [name, fields.get(code)] as const).filter(
    ([, value]) => value !== undefined,
  );
  return {
    length,
    message: {
      ...Object.fromEntries(named),
      kind,
      serial: bytes.readUInt32LE(8),
      body: typesOf(signature).map((type) => reader.read(type)),
      wantsNoReply: ((bytes[2] ?? 0) & NO_REPLY_EXPECTED) !== 0,
    },
  };
}
