// The server's store of package files as the machine's side sees it. The session implements it over its connection; the
// reading process, which has none, asks the agent. Must not know the wire.
import { Miss } from "./miss.ts";

export interface StoredFile {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly filename: string;
  /** Detached; undefined when the server has none. */
  readonly signature: Uint8Array | undefined;
}

/** One build of a package. A build date of 0 means any. */
export interface PackageKey {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Unix seconds. */
  readonly buildDate: number;
}

export interface FoundPackage {
  readonly key: PackageKey;
  readonly file: StoredFile;
}

/** Everything rejects with a Miss while there is no connection. */
export interface FileStore {
  /** Those of the digests that the server keeps; at most MAX_ASKED at once. */
  readonly describe: (sha256: readonly string[], signal: AbortSignal) => Promise<readonly StoredFile[]>;
  /** Files by what is installed; at most MAX_ASKED keys at once. */
  readonly find: (keys: readonly PackageKey[], signal: AbortSignal) => Promise<readonly FoundPackage[]>;
  readonly download: (sha256: string, offset: number, signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

/** The contract's bound. */
export const MAX_ASKED = 1_000;

/** A store that changes hands as streams come and go: what was taken out of it keeps working as long as its stream does. */
export interface StoreLink extends FileStore {
  readonly connect: (store: FileStore | undefined) => void;
}

export function makeStoreLink(): StoreLink {
  let current: FileStore | undefined;
  const connected = (): FileStore => {
    if (current === undefined) throw new Miss("absent", "not connected");
    return current;
  };
  return {
    connect: (store) => {
      current = store;
    },
    describe: async (sha256, signal) => connected().describe(sha256, signal),
    find: async (keys, signal) => connected().find(keys, signal),
    async *download(sha256, offset, signal) {
      yield* connected().download(sha256, offset, signal);
    },
  };
}

/** For a machine that works alone. */
export const NO_STORE: FileStore = makeStoreLink();
