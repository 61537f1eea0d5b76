// Free space where an operation writes. pacman's own CheckSpace stays on; this answers before anything was fetched.
import { statfsSync } from "node:fs";

/** pacman keeps as much free: a twentieth of the file system, but no more than that. */
const MAX_CUSHION_BYTES = 20 * 1024 * 1024;

/** A sentence when `neededBytes` do not fit on the file system that holds `path`; undefined when they do. */
export function spaceProblem(path: string, neededBytes: number, what: string): string | undefined {
  if (neededBytes <= 0) return undefined;
  const { bavail, blocks, bsize } = statfsSync(path);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes + Math.min(MAX_CUSHION_BYTES, (blocks * bsize) / 20)) return undefined;
  const mebibytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);
  return `${what} needs ${mebibytes(neededBytes)} MiB on the file system of ${path}, which has ${mebibytes(freeBytes)} MiB free; make room and try again`;
}
