// What the system says when a disk cannot be written, in words. Nothing here looks at the disk: an attempt that failed does.

const words: Readonly<Record<string, string>> = {
  EROFS: "the file system is mounted read-only",
  ENOSPC: "no space is left on the file system",
  EDQUOT: "the disk quota is used up",
  EIO: "the disk has an input/output error",
};

/** A sentence for an error that a disk is the cause of; undefined for every other. */
export function diskTrouble(error: unknown): string | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code, path } = one as NodeJS.ErrnoException;
    const what = code === undefined ? undefined : words[code];
    if (what !== undefined) return `${path === undefined ? "" : `writing ${path}: `}${what}; mend that and try again`;
  }
  return undefined;
}
