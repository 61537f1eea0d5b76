// What is mounted where, and what fstab wants to be: as the kernel and the root's own fstab say it.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Mount {
  readonly path: string;
  readonly isReadOnly: boolean;
}

/** In the order in which they were mounted: of two on one path the later one counts. */
export function readMounts(file = "/proc/self/mountinfo"): readonly Mount[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      // id parent device root PATH OPTIONS [tags] - type source SUPER-OPTIONS
      const [head = "", tail = ""] = line.split(" - ");
      const [, , , , path, options = ""] = head.split(" ");
      if (path === undefined) return [];
      const superOptions = tail.split(" ")[2] ?? "";
      const isReadOnly = [options, superOptions].some((list) => list.split(",").includes("ro"));
      return [{ path: unescape(path), isReadOnly }];
    });
}

/** The mount that holds a path. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts
    .filter((one) => one.path === path || one.path === "/" || path.startsWith(`${one.path}/`))
    .toSorted((a, b) => a.path.length - b.path.length)
    .at(-1);
}

/** Paths, within the root, that fstab mounts at boot: not those that it mounts on demand or never. */
export function wantedMounts(rootDir: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(join(rootDir, "etc/fstab"), "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const [source = "", path = "", , options = ""] = line.trim().split(/\s+/);
    const isWanted = !source.startsWith("#") && path.startsWith("/") && !options.split(",").includes("noauto");
    return isWanted ? [unescape(path)] : [];
  });
}

/** Blanks and tabs are written as octal numbers in both files. */
function unescape(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
