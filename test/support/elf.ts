// The smallest ELF files that say what they need: a header, one segment, a dynamic section with names. They run nowhere,
// but loaders, package managers and pacpool read them as they read any other.

export interface ElfRecipe {
  /** Of a library: what others ask for. */
  readonly soname?: string;
  readonly needed?: readonly string[];
  /** Makes otherwise equal files differ. */
  readonly mark?: string;
}

const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
const ENTRY_BYTES = 16;

/** A shared object for x86_64 of some hundred bytes. */
export function buildElf({ soname, needed = [], mark = "" }: ElfRecipe): Buffer {
  const names = ["", ...needed, ...(soname === undefined ? [] : [soname])];
  const offsets: number[] = [];
  let length = 0;
  for (const name of names) {
    offsets.push(length);
    length += Buffer.byteLength(name) + 1;
  }
  const dynamicAt = HEADER_BYTES + 2 * SEGMENT_BYTES;
  const tags: (readonly [number, number])[] = needed.map((_, index) => [1, offsets[index + 1] ?? 0]);
  if (soname !== undefined) tags.push([14, offsets.at(-1) ?? 0]);
  const namesAt = dynamicAt + (tags.length + 3) * ENTRY_BYTES;
  tags.push([5, namesAt], [10, length], [0, 0]);
  const dynamic = Buffer.concat(tags.map(([tag, value]) => words(tag, value)));
  const strings = Buffer.from(`${names.join("\0")}\0${mark}`);
  const end = namesAt + strings.length;
  return Buffer.concat([
    fileHeader(),
    segment({ type: 1, at: 0, size: end }),
    segment({ type: 2, at: dynamicAt, size: dynamic.length }),
    dynamic,
    strings,
  ]);
}

function fileHeader(): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(0x7f454c46, 0);
  header.set([2, 1, 1], 4);
  // A shared object for x86_64.
  header.writeUInt16LE(3, 16);
  header.writeUInt16LE(62, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(HEADER_BYTES), 32);
  header.writeUInt16LE(HEADER_BYTES, 52);
  header.writeUInt16LE(SEGMENT_BYTES, 54);
  header.writeUInt16LE(2, 56);
  return header;
}

/** Loaded where it lies in the file. */
function segment({ type, at, size }: { readonly type: number; readonly at: number; readonly size: number }): Buffer {
  const flags = Buffer.alloc(8);
  flags.writeUInt32LE(type, 0);
  flags.writeUInt32LE(4, 4);
  return Buffer.concat([flags, words(at, at, at, size, size, 8)]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * index);
  return bytes;
}
