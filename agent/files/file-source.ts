// What a place that may have package files can do, and what all places need to know of the machine. One file per kind of
// place implements it.
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { PacmanConfiguration, SignaturePolicy } from "../pacman/configuration.ts";
import { type FileStore, NO_STORE } from "./file-store.ts";
import type { TransferLimits } from "./transfer.ts";

/** One try to get one file. */
export interface Transfer {
  /** Where the file will be; a source stages it beside, as PATH.new or PATH.part. */
  readonly target: string;
  readonly limits: TransferLimits;
  readonly hasFloor: boolean;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/** A file that was brought and not yet looked at. */
export interface Brought {
  /** Beside the target, of this machine's own. */
  readonly staged: string;
  readonly size: number;
  readonly sha256: string;
  /** Some of it was there before: a wrong digest need not be the source's fault. */
  readonly isResumed: boolean;
}

export interface FileSource {
  /** A folder, a URL, or "the server": for refusals. */
  readonly name: string;
  /** Whoever is skipped when it fails; undefined for folders. */
  readonly host: string | undefined;
  /** Files of others, whom the machine trusts by signatures only. */
  readonly isGiven: boolean;
  /** Bytes come over the network. */
  readonly isRemote: boolean;
  /** Throws a Miss when the file cannot be had there, as far as that can be said without fetching it. */
  readonly look: (item: SyncPackage, policy: SignaturePolicy, signal: AbortSignal) => Promise<void>;
  readonly bring: (item: SyncPackage, transfer: Transfer) => Promise<Brought>;
  /** The detached signature beside the file; undefined when there is none. */
  readonly signature: (item: SyncPackage, signal: AbortSignal) => Promise<Uint8Array | undefined>;
}

/** Where files may come from besides this machine and its repositories, and what the owner allows. */
export interface FileAccess {
  readonly store: FileStore;
  /** URL with {name}, {version}, {arch} and {filename}; undefined means off. */
  readonly archive: string | undefined;
  /** SHA-256 of files that may come from others without a signature. */
  readonly unsignedAllowed: ReadonlySet<string>;
  /** Whether what is only useful, and not needed, should stay off the network. */
  readonly isMetered: () => Promise<boolean>;
}

/** A machine that works alone: its own folders and repositories. */
export const ALONE: FileAccess = {
  store: NO_STORE,
  archive: undefined,
  unsignedAllowed: new Set(),
  isMetered: () => Promise.resolve(false),
};

export interface FileSurroundings {
  readonly configuration: PacmanConfiguration;
  /** The folder of kept files. */
  readonly keptDir: string;
  /** Folders of earlier attempts, looked into first. */
  readonly earlierDirs?: readonly string[];
  /** Default: ALONE. */
  readonly access?: FileAccess;
  readonly limits?: TransferLimits;
  readonly signal?: AbortSignal;
}

/** What a repository of the machine demands; one that it does not have demands what [options] says. */
export function signaturePolicyOf(configuration: PacmanConfiguration, repository: string): SignaturePolicy {
  return configuration.repositories.find(({ name }) => name === repository)?.signatures ?? configuration.signatures;
}
