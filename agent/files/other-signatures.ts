// Another signature for a file whose own one pacman does not take: a wrong one costs only the place that it came from.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { FileSurroundings } from "./file-source.ts";
import { isSignature, placeSignature } from "./inspect-file.ts";
import { listSources } from "./list-sources.ts";

/** Signatures that were tried, by content, each with its file's name. */
export type TriedSignatures = Set<string>;

/**
 * Puts a signature that was not tried yet beside each of these files, where any place has one. Answers with how many got
 * one; 0 when there is nothing left to try. Rejects only when the signal is aborted.
 */
export async function placeOtherSignatures(
  items: readonly SyncPackage[],
  directory: string,
  surroundings: FileSurroundings & { readonly tried: TriedSignatures },
): Promise<number> {
  const signal = surroundings.signal ?? new AbortController().signal;
  const { tried } = surroundings;
  const sources = listSources(items, surroundings, signal);
  let placed = 0;
  for (const item of items) {
    const file = join(directory, item.filename);
    if (existsSync(`${file}.sig`)) tried.add(keyOf(item, readFileSync(`${file}.sig`)));
    for (const source of sources(item)) {
      const found = await source.signature(item, signal).catch(() => undefined);
      signal.throwIfAborted();
      if (found === undefined || !isSignature(found) || tried.has(keyOf(item, found))) continue;
      tried.add(keyOf(item, found));
      placeSignature(file, found);
      placed++;
      break;
    }
  }
  return placed;
}

function keyOf({ filename }: SyncPackage, signature: Uint8Array): string {
  return `${filename} ${createHash("sha256").update(signature).digest("hex")}`;
}
