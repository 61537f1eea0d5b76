// Which programs of a root ask for a library that is not there. pacman does not see it: a package that stays behind while
// its library moves on leaves a clean database and a broken program.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ElfNeeds, readElfNeeds } from "./elf-needs.ts";

/** Where programs lie that people start, and the libraries that they load; plugins in deeper folders are not looked at. */
const PROGRAM_FOLDERS = ["usr/bin", "usr/lib", "usr/lib32"];
const LIBRARY_FOLDERS = ["usr/lib", "usr/lib64", "usr/lib32", "lib", "lib64", "usr/local/lib"];

/** A root without its C library complains of every program; more lines than these say nothing new. */
const MAX_LINES = 2_000;

/** One sentence for each missing soname of each program, in order; a quarter of a second of CPU for 1,100 programs and their libraries. */
export function missingLibraries(rootDir: string): readonly string[] {
  const folders = [...LIBRARY_FOLDERS, ...configuredFolders(rootDir)].map((folder) => join(rootDir, folder));
  const known = new Map<string, boolean>();
  const isThere = (soname: string): boolean => {
    const found = known.get(soname) ?? folders.some((folder) => existsSync(join(folder, soname)));
    known.set(soname, found);
    return found;
  };
  const lines: string[] = [];
  for (const path of programs(rootDir)) {
    const needs = tryReadNeeds(join(rootDir, path));
    for (const soname of needs?.needed ?? []) {
      if (isThere(soname) || isBeside(rootDir, path, needs, soname)) continue;
      lines.push(`/${path} needs the library ${soname}, which is not there`);
      if (lines.length >= MAX_LINES) return lines;
    }
  }
  return lines;
}

function* programs(rootDir: string): Generator<string> {
  for (const folder of PROGRAM_FOLDERS) {
    for (const entry of listFolder(join(rootDir, folder))) {
      const isProgram = folder === "usr/bin" || entry.name.includes(".so");
      // What a link leads to is looked at where it lies.
      if (entry.isFile() && isProgram) yield `${folder}/${entry.name}`;
    }
  }
}

function listFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** A file that vanished or may not be read asks for nothing that could be told. */
function tryReadNeeds(file: string): ElfNeeds | undefined {
  try {
    return readElfNeeds(file);
  } catch {
    return undefined;
  }
}

function isBeside(rootDir: string, path: string, needs: ElfNeeds | undefined, soname: string): boolean {
  return (needs?.runPaths ?? []).some((folder) => {
    const expanded = folder.replaceAll(/\$\{?ORIGIN\}?/g, `/${dirname(path)}`);
    return existsSync(join(rootDir, expanded, soname));
  });
}

/** Further folders of the loader's configuration, one to a line. */
function configuredFolders(rootDir: string): readonly string[] {
  const folder = join(rootDir, "etc/ld.so.conf.d");
  const files = [join(rootDir, "etc/ld.so.conf"), ...listFolder(folder).map(({ name }) => join(folder, name))];
  return files.flatMap((file) => {
    try {
      return readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line.startsWith("/"));
    } catch {
      return [];
    }
  });
}
