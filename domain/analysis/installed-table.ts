// Package sets as numbers. Endpoints of a pool have most of their packages in common, so each distinct line of their canonical
// bytes is read once, and a set is an array of line numbers.
import { parseCanonicalLine } from "../package-set/canonical.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import type { OfferTable } from "./offer-table.ts";

/** Line numbers, in the set's order. */
export type InstalledNumbers = Int32Array;

/** It only grows, as the offer table that it names packages by. */
export interface InstalledTable {
  /** Distinct lines. */
  readonly size: number;
  /** Takes canonical bytes that were checked when they came: of a line that is known nothing is read again. */
  readonly intern: (canonical: Uint8Array) => InstalledNumbers;
  /** Numbers of the offer table. */
  readonly nameOf: (line: number) => number;
  readonly versionOf: (line: number) => number;
  /** Unix seconds; 0 where unknown. */
  readonly buildDateOf: (line: number) => number;
}

export function makeInstalledTable(table: OfferTable): InstalledTable {
  const numbers = new Map<string, number>();
  const names: number[] = [];
  const versions: number[] = [];
  const buildDates: number[] = [];
  const numberOf = (line: string): number => {
    const known = numbers.get(line);
    if (known !== undefined) return known;
    const { name, version, architecture, buildDate, reason } = parseCanonicalLine(line);
    // Made anew: a part of the set's text would keep all of that in memory.
    numbers.set([name, version, architecture, buildDate, reason === "explicit" ? "e" : "d"].join(" "), names.length);
    versions.push(table.versionNumber(version));
    buildDates.push(buildDate);
    return names.push(table.nameNumber(name)) - 1;
  };
  return {
    get size() {
      return names.length;
    },
    intern(canonical) {
      const lines = decodeUtf8(canonical).split("\n");
      // The first says the format, the last is what follows the last newline.
      return Int32Array.from(lines.slice(1, -1), numberOf);
    },
    nameOf: (line) => names[line] ?? 0,
    versionOf: (line) => versions[line] ?? 0,
    buildDateOf: (line) => buildDates[line] ?? 0,
  };
}
