// Who signed a package: the issuer in its detached OpenPGP signature, as sync databases carry it in base64 (RFC 9580, 5.2).
// It says whose key a signature claims, and verifies nothing: that stays pacman's affair.

/** Subpackets that name the issuer. */
const ISSUER_KEY_ID = 16;
const ISSUER_FINGERPRINT = 33;

const KEY_ID_BYTES = 8;

/** Longer subpacket areas are damage: real ones have some dozens of bytes. */
const MAX_AREA_BYTES = 4_096;

/** The key id, 16 upper-case hex digits; undefined for anything that is no signature or names no issuer. */
export function signatureKeyId(base64: string): string | undefined {
  const at = (index: number): number => byteAt(base64, index);
  const body = bodyOffset(at);
  if (body < 0) return undefined;
  switch (at(body)) {
    // Length 5, type, time, then the key id.
    case 3:
      return at(body + 1) === 5 ? hex(at, body + 7) : undefined;
    case 4:
      return issuerOf(at, body + 4, 2);
    case 6:
      return issuerOf(at, body + 4, 4);
    default:
      return undefined;
  }
}

/** The byte at a place of decoded base64, without decoding the rest: an issuer stands in the first hundred of 600. */
function byteAt(base64: string, index: number): number {
  const at = Math.floor(index / 3) * 4 + (index % 3);
  const pair = (sextet(base64.charCodeAt(at)) << 6) | sextet(base64.charCodeAt(at + 1));
  // A sextet of -1 makes the pair negative: damage or the end.
  return pair < 0 ? -1 : (pair >> (4 - (index % 3) * 2)) & 255;
}

function sextet(code: number): number {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  if (code === 43) return 62;
  return code === 47 ? 63 : -1;
}

type ByteAt = (index: number) => number;

/** Where a signature packet's body begins; -1 when the bytes begin with something else. */
function bodyOffset(at: ByteAt): number {
  const tag = at(0);
  // Old format, tag 2: the low bits say how many bytes of length follow.
  if (tag >= 0x88 && tag <= 0x8a) return 1 + (1 << (tag & 3));
  if (tag !== 0xc2) return -1;
  const length = at(1);
  if (length < 192) return 2;
  return length < 224 ? 3 : 6;
}

/** Looks through the hashed area, then the other one. `counted` is the number of bytes that an area's length has. */
function issuerOf(at: ByteAt, hashed: number, counted: number): string | undefined {
  const size = numberAt(at, hashed, counted);
  if (size < 0 || size > MAX_AREA_BYTES) return undefined;
  const found = issuerIn(at, hashed + counted, size);
  if (found !== undefined) return found;
  const other = hashed + counted + size;
  const otherSize = numberAt(at, other, counted);
  return otherSize < 0 || otherSize > MAX_AREA_BYTES ? undefined : issuerIn(at, other + counted, otherSize);
}

function issuerIn(at: ByteAt, start: number, size: number): string | undefined {
  for (let offset = start; offset < start + size; ) {
    const [length, prefix] = subpacketLength(at, offset);
    if (length < 1) return undefined;
    const type = at(offset + prefix) & 127;
    const value = offset + prefix + 1;
    if (type === ISSUER_KEY_ID) return hex(at, value);
    if (type === ISSUER_FINGERPRINT) {
      // Version 4: the last bytes of the fingerprint are the key id; later versions: the first.
      return hex(at, at(value) === 4 ? value + 1 + 20 - KEY_ID_BYTES : value + 1);
    }
    offset += prefix + length;
  }
  return undefined;
}

/** The length and how many bytes it takes. */
function subpacketLength(at: ByteAt, offset: number): readonly [number, number] {
  const first = at(offset);
  if (first < 192) return [first, 1];
  if (first < 255) return [((first - 192) << 8) + at(offset + 1) + 192, 2];
  return [numberAt(at, offset + 1, 4), 5];
}

/** Big-endian; -1 past the end. */
function numberAt(at: ByteAt, offset: number, bytes: number): number {
  let value = 0;
  for (let index = 0; index < bytes; index += 1) {
    const byte = at(offset + index);
    if (byte < 0) return -1;
    value = value * 256 + byte;
  }
  return value;
}

function hex(at: ByteAt, offset: number): string | undefined {
  let text = "";
  for (let index = 0; index < KEY_ID_BYTES; index += 1) {
    const byte = at(offset + index);
    if (byte < 0) return undefined;
    text += byte.toString(16).padStart(2, "0");
  }
  return text.toUpperCase();
}
