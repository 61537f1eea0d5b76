// What the local database says of one package's files: its paths, and its configuration with the content that it came with.
// Read for the packages that somebody asks about only: all of them would be tens of megabytes.
import { readFileSync } from "node:fs";

export interface InstalledFiles {
  /** Relative to the root, without folders. */
  readonly paths: readonly string[];
  readonly backups: readonly {
    readonly path: string /** Lower-case hex, of the package's own content. */;
    readonly md5: string;
  }[];
}

const NOTHING: InstalledFiles = { paths: [], backups: [] };

/** `entry` is the package's folder below local/. Empty where the list cannot be read. */
export function readInstalledFiles(dbPath: string, entry: string): InstalledFiles {
  let text: string;
  try {
    text = readFileSync(`${dbPath}/local/${entry}/files`, "utf8");
  } catch {
    return NOTHING;
  }
  return {
    paths: linesOf(text, "%FILES%").filter((line) => !line.endsWith("/")),
    backups: linesOf(text, "%BACKUP%").flatMap((line) => {
      const [path, md5] = line.split("\t");
      return path === undefined || md5 === undefined ? [] : [{ path, md5 }];
    }),
  };
}

function linesOf(text: string, title: string): readonly string[] {
  const at = text.indexOf(`${title}\n`);
  if (at === -1) return [];
  const start = at + title.length + 1;
  const end = text.indexOf("\n\n", start);
  return text
    .slice(start, end === -1 ? undefined : end)
    .split("\n")
    .filter((line) => line !== "");
}
