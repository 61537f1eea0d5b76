// All that a root is, as text that can be compared: files by content, pacman's database, its install reasons. Leaves out
// what pacman writes on every look (logs, caches) and what the test itself put there.
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { readLocalDatabase } from "../../../agent/pacman/local-database.ts";
import { sha256Of } from "../../../agent/pacman/sync-databases.ts";
import { packageSetDigest } from "../../../domain/package-set/canonical.ts";
import type { PacmanRoot } from "../../support/pacman-root.ts";

export interface MachineState {
  readonly digest: string;
  /** `NAME VERSION BUILD REASON`. */
  readonly packages: readonly string[];
  /** As the packages say. */
  readonly installedBytes: number;
  /** Content or link by path, without pacman's own folders and without .pacnew and .pacsave. */
  readonly files: ReadonlyMap<string, string>;
  /** .pacnew and .pacsave. */
  readonly besides: ReadonlyMap<string, string>;
  /** Everything below DBPath but times: equal only when nothing at all was changed. */
  readonly database: string;
}

const ownFolders = new Set(["var", "tmp", "bin", "usr/bin/sh", "usr/bin/bash", "usr/bin/busybox"]);

export function readMachine({ rootDir, dbPath }: PacmanRoot): MachineState {
  const { set, packages } = readLocalDatabase(dbPath);
  const all = readTree(rootDir, "", ownFolders);
  const isBeside = (path: string): boolean => /\.pac(?:new|save)(?:\.\d+)?$/.test(path);
  const database = readTree(dbPath, "", new Set());
  return {
    digest: packageSetDigest(set, sha256Of),
    packages: set.packages.map((one) => `${one.name} ${one.version} ${one.buildDate} ${one.reason}`),
    installedBytes: [...packages.values()].reduce((sum, { installedSize }) => sum + installedSize, 0),
    files: new Map([...all].filter(([path]) => !isBeside(path))),
    besides: new Map([...all].filter(([path]) => isBeside(path))),
    database: [...database].map((pair) => pair.join(" ")).join("\n"),
  };
}

function readTree(root: string, folder: string, without: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(root, folder)).toSorted()) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (without.has(path)) continue;
    const file = join(root, path);
    const kind = lstatSync(file);
    if (kind.isDirectory()) for (const [below, text] of readTree(root, path, without)) found.set(below, text);
    else found.set(path, kind.isSymbolicLink() ? `-> ${readlinkSync(file)}` : hash(readFileSync(file)));
  }
  return found;
}

export function hash(bytes: string | Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
