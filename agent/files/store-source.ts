// Package files from the server's store, by SHA-256, or by what is installed where no SHA-256 is known. What it has is asked
// once for all files of a run. Must not know the wire.
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { FileSource } from "./file-source.ts";
import { type FileStore, MAX_ASKED, type PackageKey, type StoredFile } from "./file-store.ts";
import { isSignature, sizeProblem } from "./inspect-file.ts";
import { Miss } from "./miss.ts";
import { receive } from "./transfer.ts";

/** For refusals. */
export const SERVER = "the server";

/** One for a run over these items: the first question asks for all of them. */
export function storeSource(store: FileStore, items: readonly SyncPackage[], signal: AbortSignal): FileSource {
  let asked: Promise<Catalogue> | undefined;
  const lookUp = async (item: SyncPackage): Promise<StoredFile> => {
    const found = (await (asked ??= readCatalogue(store, items, signal)))(item);
    if (found === undefined) throw new Miss("absent", "not there");
    const problem = sizeProblem(found.size, item);
    if (problem !== undefined) throw new Miss("broken", problem);
    return found;
  };
  return {
    name: SERVER,
    host: SERVER,
    isGiven: true,
    isRemote: true,
    async look(item) {
      await lookUp(item);
    },
    async bring(item, { target, limits, hasFloor, signal: limit, onBytes }) {
      const { sha256, size } = await lookUp(item);
      const staged = `${target}.part`;
      const received = await receive(
        (offset, given) => Promise.resolve({ offset, chunks: store.download(sha256, offset, given) }),
        { part: staged, size, isResumable: item.sha256 !== undefined, limits, hasFloor, signal: limit, onBytes },
      );
      // Where the item knows its own digest, the caller compares.
      if (item.sha256 === undefined && received.sha256 !== sha256)
        throw new Miss("broken", `its SHA-256 is ${received.sha256} instead of ${sha256}`);
      return { staged, ...received };
    },
    async signature(item) {
      const { signature } = await lookUp(item);
      return signature !== undefined && isSignature(signature) ? signature : undefined;
    },
  };
}

type Catalogue = (item: SyncPackage) => StoredFile | undefined;

async function readCatalogue(store: FileStore, items: readonly SyncPackage[], signal: AbortSignal): Promise<Catalogue> {
  const bySha256 = new Map<string, StoredFile>();
  const byKey = new Map<string, StoredFile>();
  for (const some of chunksOf(items.flatMap(({ sha256 }) => sha256 ?? []))) {
    for (const file of await store.describe(some, signal)) bySha256.set(file.sha256, file);
  }
  for (const some of chunksOf(items.filter(({ sha256 }) => sha256 === undefined).map(keyOf))) {
    for (const { key, file } of await store.find(some, signal)) {
      // Asked for any build, the first one that is there.
      for (const wanted of [key, { ...key, buildDate: 0 }]) {
        if (!byKey.has(textOf(wanted))) byKey.set(textOf(wanted), file);
      }
    }
  }
  return (item) => (item.sha256 === undefined ? byKey.get(textOf(item)) : bySha256.get(item.sha256));
}

function keyOf({ name, version, architecture, buildDate }: SyncPackage): PackageKey {
  return { name, version, architecture, buildDate };
}

function textOf({ name, version, architecture, buildDate }: PackageKey): string {
  return `${name} ${version} ${architecture} ${buildDate}`;
}

function chunksOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / MAX_ASKED);
  return Array.from({ length: count }, (_, at) => items.slice(at * MAX_ASKED, (at + 1) * MAX_ASKED));
}
