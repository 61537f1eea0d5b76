// One reading of the machine's packages: configuration, local database, own view, and what follows from the three. Reads
// only, and asks pacman nothing but its configuration.
import type { PacmanConfiguration } from "./pacman/configuration.ts";
import { readConfiguration } from "./pacman/configuration.ts";
import { type LocalDatabase, type LocalMemory, readLocalDatabase } from "./pacman/local-database.ts";
import {
  type DatabaseCache,
  type DigestMemory,
  type OwnView,
  openDatabaseCache,
  readOwnView,
} from "./pacman/sync-databases.ts";

export interface Installation {
  readonly configuration: PacmanConfiguration;
  readonly local: LocalDatabase;
  readonly own: OwnView;
  /** Installed names that IgnorePkg and IgnoreGroup hold; sorted. */
  readonly held: readonly string[];
  /** Installed and in none of the machine's repositories. */
  readonly foreign: ReadonlySet<string>;
}

export interface InstallationReader {
  /** Throws when the configuration or a database cannot be read. */
  read(): Promise<Installation>;
  /** The local database alone, for whoever looks again after pacman ran. */
  readLocal(dbPath: string): LocalDatabase;
  readonly cache: DatabaseCache;
}

/** Remembers databases between readings, so that a reading of an unchanged machine takes milliseconds. */
export function openInstallationReader(configurationFile: string): InstallationReader {
  const cache = openDatabaseCache();
  const memory: DigestMemory = new Map();
  const localMemory: LocalMemory = new Map();
  const readLocal = (dbPath: string): LocalDatabase => readLocalDatabase(dbPath, localMemory);
  return {
    cache,
    readLocal,
    async read() {
      const configuration = await readConfiguration(configurationFile);
      const local = readLocal(configuration.dbPath);
      const own = readOwnView(configuration, cache, memory);
      return {
        configuration,
        local,
        own,
        held: findHeld(configuration, local, own),
        foreign: new Set(local.set.packages.map(({ name }) => name).filter((name) => !own.index.packages.has(name))),
      };
    },
  };
}

function findHeld(configuration: PacmanConfiguration, local: LocalDatabase, own: OwnView): readonly string[] {
  const { ignoredPackages, ignoredGroups } = configuration;
  if (ignoredPackages.length === 0 && ignoredGroups.length === 0) return [];
  const names = ignoredPackages.map(globToPattern);
  const groups = ignoredGroups.map(globToPattern);
  const matches = (patterns: readonly RegExp[], text: string): boolean =>
    patterns.some((pattern) => pattern.test(text));
  return local.set.packages
    .map(({ name }) => name)
    .filter((name) => {
      const memberships = [
        ...(local.packages.get(name)?.groups ?? []),
        ...(own.index.packages.get(name)?.groups ?? []),
      ];
      return matches(names, name) || memberships.some((group) => matches(groups, group));
    });
}

/** pacman matches these with fnmatch: *, ? and [sets]. */
function globToPattern(glob: string): RegExp {
  const text = glob.replaceAll(/\[!?[^\]]*\]|[\s\S]/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.length > 1) return part.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
    return part.replace(/[\\^$.|+(){}[\]]/, String.raw`\$&`);
  });
  return new RegExp(`^${text}$`, "u");
}
