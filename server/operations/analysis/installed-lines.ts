// One package of many sets: the sets are searched as the bytes that they are, never taken apart, and what was found is kept.
import { parseCanonicalLine } from "../../../domain/package-set/canonical.ts";
import type { InstalledPackage } from "../../../domain/package-set/package-set.ts";
import type { Content, Query } from "../content.ts";
import { makeTurns } from "../turns.ts";
import { SETS_AT_ONCE } from "./analysis-cache.ts";

/** Answers of 200 bytes each: ten packages in a fleet of ten thousand machines that share nothing. */
const KEPT_ANSWERS = 100_000;

export interface InstalledLines {
  /** Of each distinct set; undefined for a set without it. */
  readonly find: (
    sql: Query,
    digests: Iterable<string>,
    name: string,
  ) => Promise<ReadonlyMap<string, InstalledPackage | undefined>>;
}

export function makeInstalledLines(content: Content): InstalledLines {
  const answers = new Map<string, InstalledPackage | undefined>();
  const keep = (key: string, answer: InstalledPackage | undefined): void => {
    // Sets do not change, so nothing is ever wrong; what is asked again is read again.
    if (answers.size >= KEPT_ANSWERS) answers.clear();
    answers.set(key, answer);
  };
  return {
    async find(sql, digests, name) {
      const found = new Map<string, InstalledPackage | undefined>();
      const unknown: string[] = [];
      for (const digest of new Set(digests)) {
        const key = `${digest} ${name}`;
        if (answers.has(key)) found.set(digest, answers.get(key));
        else unknown.push(digest);
      }
      const turns = makeTurns();
      for (let at = 0; at < unknown.length; at += SETS_AT_ONCE) {
        const sets = await content.canonicalSets(sql, unknown.slice(at, at + SETS_AT_ONCE));
        for (const [digest, canonical] of sets) {
          const one = findLine(canonical, name);
          found.set(digest, one);
          keep(`${digest} ${name}`, one);
        }
        await turns.pause();
      }
      return found;
    },
  };
}

/** The bytes were checked when they came. The first line says the format, so a package's is never the first. */
function findLine(canonical: Uint8Array, name: string): InstalledPackage | undefined {
  const bytes = Buffer.from(canonical.buffer, canonical.byteOffset, canonical.byteLength);
  const at = bytes.indexOf(`\n${name} `);
  if (at < 0) return undefined;
  return parseCanonicalLine(bytes.toString("utf8", at + 1, bytes.indexOf("\n", at + 1)));
}
