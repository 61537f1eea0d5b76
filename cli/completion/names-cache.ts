// Names that were asked for a moment ago, per user: somebody who presses Tab twice must not wait twice. Readable by its owner
// only; what is wrong with it counts as nothing there.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../profile.ts";

/** One thing that can be completed, and a few words about it. */
export interface Name {
  readonly name: string;
  readonly about: string;
}

/** Fleets change while one types, but not within a breath. */
const FRESH_MS = 10_000;
/** Without a server the last names are still better than none. */
const KEPT_MS = 24 * 3_600_000;

export interface NamesCache {
  /** Names that need not be asked for again. */
  readonly fresh: () => readonly Name[] | undefined;
  /** Names of today, for when nobody answers. */
  readonly kept: () => readonly Name[];
  readonly put: (names: readonly Name[]) => void;
}

/** `key` names one question to one server as one person; it becomes part of a file name. */
export function openNamesCache(environment: Environment, key: string, nowMs: number): NamesCache {
  const folder = join(cacheFolder(environment), "pacpool", "completion");
  const path = join(folder, key);
  const read = (ageMs: number): readonly Name[] | undefined => {
    try {
      const age = nowMs - statSync(path).mtimeMs;
      // A clock that was set back makes everything look new.
      if (age < -FRESH_MS || age > ageMs) return undefined;
      const names: unknown = JSON.parse(readFileSync(path, "utf8"));
      return Array.isArray(names) ? (names as readonly Name[]) : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    fresh: () => read(FRESH_MS),
    kept: () => read(KEPT_MS) ?? [],
    put: (names) => {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const draft = `${path}.${String(process.pid)}`;
        writeFileSync(draft, JSON.stringify(names), { mode: 0o600 });
        renameSync(draft, path);
      } catch {
        // A full or read-only disk: the next Tab asks again.
      }
    },
  };
}

function cacheFolder(environment: Environment): string {
  const runtime = environment["XDG_RUNTIME_DIR"];
  if (runtime !== undefined && runtime !== "") return runtime;
  const cache = environment["XDG_CACHE_HOME"];
  return cache !== undefined && cache !== "" ? cache : join(environment["HOME"] ?? homedir(), ".cache");
}
