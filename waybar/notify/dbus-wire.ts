// Values of D-Bus in its own bytes, little end first, as the D-Bus specification's "Marshaling" has them. Must not know
// messages or connections. File descriptors are not spoken of: nothing here needs them.

export interface Variant {
  readonly signature: string;
  readonly value: BusValue;
}

/** 64-bit numbers are bigint; an array, a struct and an entry of a dictionary are arrays. */
export type BusValue = string | number | bigint | boolean | Variant | readonly BusValue[];

/** The bytes are not what their signature says. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Of the specification. */
const MAX_DEPTH = 32;
const MAX_SIGNATURE = 255;

const ALIGNMENT: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ["y", "g", "v"],
    ["n", "q"],
    ["b", "i", "u", "s", "o", "a"],
    ["x", "t", "d", "(", "{"],
  ].flatMap((codes, power) => codes.map((code) => [code, 2 ** power])),
);

/** The complete types of a signature: "a{sv}u" has two. Throws WireError. */
export function typesOf(signature: string): readonly string[] {
  if (signature.length > MAX_SIGNATURE) throw new WireError("the signature is too long");
  const types: string[] = [];
  for (let at = 0; at < signature.length; ) {
    const end = typeEnd(signature, at, 0);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
}

function typeEnd(signature: string, at: number, depth: number): number {
  const code = signature[at] ?? "";
  if (depth > MAX_DEPTH || ALIGNMENT[code] === undefined) throw new WireError(`there is no type in ${signature}`);
  if (code === "a") return typeEnd(signature, at + 1, depth + 1);
  if (code !== "(" && code !== "{") return at + 1;
  const close = code === "(" ? ")" : "}";
  let end = at + 1;
  while (signature[end] !== close) end = typeEnd(signature, end, depth + 1);
  return end + 1;
}

export class WireWriter {
  #bytes = Buffer.alloc(256);
  #length = 0;

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  align(boundary: number): void {
    this.#grow((boundary - (this.#length % boundary)) % boundary);
  }

  /** One complete type. Throws WireError for a value that is not of it. */
  write(type: string, value: BusValue): void {
    const code = type[0] ?? "";
    this.align(ALIGNMENT[code] ?? 1);
    if (code === "s" || code === "o" || code === "g") this.#writeText(code, value);
    else if (code === "v") this.#writeVariant(value);
    else if (code === "a") this.#writeArray(type.slice(1), value);
    else if (code === "(" || code === "{") this.#writeStruct(type, value);
    else this.#writeNumber(code, value);
  }

  #writeText(code: string, value: BusValue): void {
    if (typeof value !== "string" || value.includes("\0")) throw new WireError("a text without NUL is expected");
    const bytes = Buffer.from(value.toWellFormed());
    const lengthBytes = code === "g" ? 1 : 4;
    // Room first: growing puts the bytes elsewhere.
    const at = this.#grow(lengthBytes + bytes.length + 1);
    this.#bytes.writeUIntLE(bytes.length, at, lengthBytes);
    bytes.copy(this.#bytes, at + lengthBytes);
  }

  #writeVariant(value: BusValue): void {
    if (typeof value !== "object" || !("signature" in value)) throw new WireError("a variant is expected");
    this.#writeText("g", value.signature);
    this.write(value.signature, value.value);
  }

  #writeArray(type: string, value: BusValue): void {
    const at = this.#grow(4);
    this.align(ALIGNMENT[type[0] ?? ""] ?? 1);
    const start = this.#length;
    for (const element of listOf(value)) this.write(type, element);
    this.#bytes.writeUInt32LE(this.#length - start, at);
  }

  #writeStruct(type: string, value: BusValue): void {
    const types = typesOf(type.slice(1, -1));
    const fields = listOf(value);
    if (fields.length !== types.length) throw new WireError(`${type} is expected`);
    for (const [at, field] of fields.entries()) this.write(types[at] ?? "", field);
  }

  #writeNumber(code: string, value: BusValue): void {
    if (code === "x" || code === "t") {
      const at = this.#grow(8);
      if (typeof value !== "bigint") throw new WireError(`a bigint is expected for ${code}`);
      if (code === "x") this.#bytes.writeBigInt64LE(value, at);
      else this.#bytes.writeBigUInt64LE(value, at);
      return;
    }
    const number = Number(value);
    if (typeof value !== (code === "b" ? "boolean" : "number")) throw new WireError(`a number is expected for ${code}`);
    const at = this.#grow(ALIGNMENT[code] ?? 1);
    if (code === "y") this.#bytes.writeUInt8(number, at);
    else if (code === "n") this.#bytes.writeInt16LE(number, at);
    else if (code === "q") this.#bytes.writeUInt16LE(number, at);
    else if (code === "i") this.#bytes.writeInt32LE(number, at);
    else if (code === "d") this.#bytes.writeDoubleLE(number, at);
    else this.#bytes.writeUInt32LE(number, at);
  }

  /** Makes room for that many bytes and answers with where it begins. */
  #grow(count: number): number {
    const at = this.#length;
    while (at + count > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    this.#length = at + count;
    return at;
  }
}

function listOf(value: BusValue): readonly BusValue[] {
  if (!Array.isArray(value)) throw new WireError("a list is expected");
  return value as readonly BusValue[];
}

export class WireReader {
  readonly #bytes: Buffer;
  #at: number;

  /** Offsets count from the beginning of `bytes`, which must be that of the message. */
  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  align(boundary: number): void {
    this.#take((boundary - (this.#at % boundary)) % boundary);
  }

  read(type: string, depth = 0): BusValue {
    const code = type[0] ?? "";
    if (depth > 2 * MAX_DEPTH) throw new WireError("it is nested too deeply");
    this.align(ALIGNMENT[code] ?? 1);
    if (code === "s" || code === "o" || code === "g") return this.#readText(code);
    if (code === "v") return this.#readVariant(depth);
    if (code === "a") return this.#readArray(type.slice(1), depth);
    if (code === "(" || code === "{") return typesOf(type.slice(1, -1)).map((one) => this.read(one, depth + 1));
    return this.#readNumber(code);
  }

  #readText(code: string): string {
    const length = code === "g" ? this.#bytes.readUInt8(this.#take(1)) : this.#bytes.readUInt32LE(this.#take(4));
    const at = this.#take(length + 1);
    return this.#bytes.toString("utf8", at, at + length);
  }

  #readVariant(depth: number): Variant {
    const signature = this.#readText("g");
    const types = typesOf(signature);
    if (types.length !== 1) throw new WireError("a variant has one value");
    return { signature, value: this.read(signature, depth + 1) };
  }

  #readArray(type: string, depth: number): readonly BusValue[] {
    const length = this.#bytes.readUInt32LE(this.#take(4));
    this.align(ALIGNMENT[type[0] ?? ""] ?? 1);
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new WireError("an array is longer than its message");
    const values: BusValue[] = [];
    while (this.#at < end) values.push(this.read(type, depth + 1));
    return values;
  }

  #readNumber(code: string): number | bigint | boolean {
    const at = this.#take(ALIGNMENT[code] ?? 1);
    switch (code) {
      case "y":
        return this.#bytes.readUInt8(at);
      case "n":
        return this.#bytes.readInt16LE(at);
      case "q":
        return this.#bytes.readUInt16LE(at);
      case "i":
        return this.#bytes.readInt32LE(at);
      case "u":
        return this.#bytes.readUInt32LE(at);
      case "b":
        return this.#bytes.readUInt32LE(at) !== 0;
      case "x":
        return this.#bytes.readBigInt64LE(at);
      case "t":
        return this.#bytes.readBigUInt64LE(at);
      case "d":
        return this.#bytes.readDoubleLE(at);
      default:
        throw new WireError(`there is no type ${code}`);
    }
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw new WireError("the message ends too early");
    this.#at += count;
    return at;
  }
}
