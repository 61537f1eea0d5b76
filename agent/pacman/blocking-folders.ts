// Why pacman refuses a package whose link or file takes the place of a folder: it gives up a folder only when nobody else
// has files in it. Its own words only say that the path is there.
import { lstatSync } from "node:fs";
import { relative } from "node:path";
import { MAX_DETAILS } from "../../domain/limits.ts";
import { readInstalledFiles } from "./installed-files.ts";
import type { LocalDatabase } from "./local-database.ts";

/** `NAME: PATH exists in filesystem`, with who owns it where somebody does. */
const refusal = /^(\S+): (\/.+?) exists in filesystem(?: \(owned by \S+\))?$/;

/** One sentence for each such folder among pacman's complaints, with whoever else has files in it. */
export function explainBlockingFolders(
  complaints: readonly string[],
  { rootDir, dbPath }: { readonly rootDir: string; readonly dbPath: string },
  local: LocalDatabase,
): readonly string[] {
  return complaints.slice(0, MAX_DETAILS).flatMap((line) => {
    const [, name = "", path = ""] = refusal.exec(line) ?? [];
    if (path === "" || lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
    const below = `${relative(rootDir, path)}/`;
    const others = [...local.packages.values()].filter(
      (one) => one.name !== name && readInstalledFiles(dbPath, one.entry).paths.some((file) => file.startsWith(below)),
    );
    const whose = others.length === 0 ? "nobody's" : others.map((one) => one.name).join(", ");
    return [
      `${path} is a folder here and none in the new ${name}; pacman replaces it only when no other package has files in it, and these are ${whose}: take them out of the way (remove that package, or move the files) and try again`,
    ];
  });
}
