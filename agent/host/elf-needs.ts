// What a program or library asks of the dynamic loader, read from its ELF headers. Knows only files, not where libraries
// are looked for.
import { closeSync, openSync, readSync } from "node:fs";

export interface ElfNeeds {
  /** Sonames, for example libc.so.6. */
  readonly needed: readonly string[];
  /** Folders of its own to look in first, as written: $ORIGIN is not expanded. */
  readonly runPaths: readonly string[];
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_STRSZ = 10;
const DT_RPATH = 15;
const DT_RUNPATH = 29;

/** Real programs have a dozen segments, some hundred dynamic entries and a few hundred KiB of names. */
const MAX_SEGMENTS = 128;
const MAX_DYNAMIC_BYTES = 64 * 1024;
const MAX_NAMES_BYTES = 16 * 1024 * 1024;

/** Undefined for what is no ELF file, is linked statically, or is damaged. Little-endian, 32 and 64 bit. */
export function readElfNeeds(file: string): ElfNeeds | undefined {
  const handle = openSync(file, "r");
  try {
    const head = readAt(handle, 0, 64);
    const isElf = head.length >= 52 && head.readUInt32BE(0) === 0x7f454c46 && head[5] === 1;
    if (!isElf || (head[4] !== 1 && head[4] !== 2)) return undefined;
    return readDynamic(handle, readSegments(handle, head, head[4] === 2), head[4] === 2);
  } catch (error) {
    // Offsets of a damaged file point anywhere.
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    closeSync(handle);
  }
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function readSegments(handle: number, head: Buffer, is64: boolean): readonly Segment[] {
  const start = is64 ? Number(head.readBigUInt64LE(32)) : head.readUInt32LE(28);
  const entrySize = head.readUInt16LE(is64 ? 54 : 42);
  const count = Math.min(head.readUInt16LE(is64 ? 56 : 44), MAX_SEGMENTS);
  const table = readAt(handle, start, entrySize * count);
  return Array.from({ length: count }, (_, index): Segment => {
    const at = index * entrySize;
    const word = (in64: number, in32: number): number =>
      is64 ? Number(table.readBigUInt64LE(at + in64)) : table.readUInt32LE(at + in32);
    return { type: table.readUInt32LE(at), offset: word(8, 4), address: word(16, 8), size: word(32, 16) };
  });
}

function readDynamic(handle: number, segments: readonly Segment[], is64: boolean): ElfNeeds | undefined {
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) return undefined;
  const table = readAt(handle, dynamic.offset, Math.min(dynamic.size, MAX_DYNAMIC_BYTES));
  const width = is64 ? 8 : 4;
  const word = (at: number): number => (is64 ? Number(table.readBigUInt64LE(at)) : table.readUInt32LE(at));
  const entries: { readonly tag: number; readonly value: number }[] = [];
  for (let at = 0; at + 2 * width <= table.length; at += 2 * width)
    entries.push({ tag: word(at), value: word(at + width) });
  const valueOf = (tag: number): number | undefined => entries.find((entry) => entry.tag === tag)?.value;
  const address = valueOf(DT_STRTAB);
  const load = segments.find(({ type, address: from, size }) => {
    return type === PT_LOAD && address !== undefined && address >= from && address < from + size;
  });
  if (address === undefined || load === undefined) return undefined;
  const names = readAt(handle, load.offset + address - load.address, Math.min(valueOf(DT_STRSZ) ?? 0, MAX_NAMES_BYTES));
  const text = (value: number): string => names.toString("utf8", value, names.indexOf(0, value));
  const texts = (...tags: readonly number[]) =>
    entries.filter(({ tag }) => tags.includes(tag)).map(({ value }) => text(value));
  return { needed: texts(DT_NEEDED), runPaths: texts(DT_RPATH, DT_RUNPATH).flatMap((paths) => paths.split(":")) };
}

function readAt(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(handle, bytes, 0, length, position));
}
