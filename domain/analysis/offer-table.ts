// Packages that views offer, as numbers. Views of a pool repeat each other nearly whole, so each distinct offer is kept once,
// and views are compared by looking at dense arrays.
import { decodeUtf8Tolerantly, encodeUtf8 } from "../text/utf8.ts";
import { compareVersions } from "../version/compare.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { signatureKeyId } from "./signature-key.ts";

/** The signer of a signature that names none. */
export const UNREADABLE = "unreadable";

/** One package as one or more views offer it. */
export interface Offer {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Unix seconds; 0 where the database has none. */
  readonly buildDate: number;
  readonly repository: string;
  /** Lower-case hex; empty in databases made without checksums. */
  readonly sha256: string;
  /** Key id of the signature's issuer, 16 upper-case hex digits; empty without signature, UNREADABLE for a damaged one. */
  readonly signer: string;
}

/** It only grows: its owner starts a new one when `size` says that old offers prevail. Numbers start at 1; 0 is none. */
export interface OfferTable {
  /** Distinct offers. */
  readonly size: number;
  /** One above the highest number of a name. */
  readonly names: number;
  readonly intern: (one: SyncPackage) => number;
  /** Interns; names and versions have numbers of their own. */
  readonly nameNumber: (name: string) => number;
  readonly versionNumber: (version: string) => number;
  readonly nameOf: (offer: number) => number;
  readonly versionOf: (offer: number) => number;
  readonly signerOf: (offer: number) => number;
  readonly buildDateOf: (offer: number) => number;
  /** As compareVersions, of two version numbers; remembered, since a fleet asks the same pairs again and again. */
  readonly order: (one: number, other: number) => number;
  /** Different files of one version: by checksum, or by build date and architecture where one has no checksum. */
  readonly isSameBuild: (one: number, other: number) => boolean;
  readonly name: (number: number) => string;
  readonly version: (number: number) => string;
  readonly signer: (number: number) => string;
  readonly at: (offer: number) => Offer;
}

export function makeOfferTable(): OfferTable {
  const names = makeWords();
  const versions = makeWords();
  const signers = makeWords();
  const offers: KeptOffer[] = [NO_OFFER];
  /** The latest offer of a name; each offer has the one before it. */
  const latest: number[] = [];
  const orders = new Map<number, number>();
  const keptOf = (offer: number): KeptOffer => offers[offer] ?? NO_OFFER;
  return {
    get size() {
      return offers.length - 1;
    },
    get names() {
      return names.size + 1;
    },
    intern(one) {
      const name = names.number(one.name);
      const mark = one.signature?.slice(0, MARK_LENGTH) ?? "";
      for (let known = latest[name] ?? 0; known !== 0; known = keptOf(known).before) {
        if (isThis(keptOf(known), one, mark)) return known;
      }
      const offer = offers.push(keep(one, mark, { names, versions, signers, before: latest[name] ?? 0 })) - 1;
      latest[name] = offer;
      return offer;
    },
    nameNumber: names.number,
    versionNumber: versions.number,
    nameOf: (offer) => keptOf(offer).nameNumber,
    versionOf: (offer) => keptOf(offer).versionNumber,
    signerOf: (offer) => keptOf(offer).signerNumber,
    buildDateOf: (offer) => keptOf(offer).buildDate,
    order(one, other) {
      if (one === other) return 0;
      const pair = one * PAIR + other;
      const known = orders.get(pair);
      if (known !== undefined) return known;
      const found = compareVersions(versions.text(one), versions.text(other));
      orders.set(pair, found);
      return found;
    },
    isSameBuild: (one, other) => one === other || isSameBuild(keptOf(one), keptOf(other)),
    name: names.text,
    version: versions.text,
    signer: signers.text,
    at: (offer) => offerOf(keptOf(offer)),
  };
}

/** Above every version number that a table may reach, and its square is still an exact number. */
const PAIR = 2 ** 26;

/**
 * Characters at a signature's beginning by which it is known again: 72 bytes, which have the time and usually the issuer.
 * Two keys that sign the very file in the same second differ after them at worst.
 */
const MARK_LENGTH = 96;

interface KeptOffer extends Offer {
  readonly mark: string;
  readonly nameNumber: number;
  readonly versionNumber: number;
  readonly signerNumber: number;
  readonly before: number;
}

const NO_OFFER: KeptOffer = {
  name: "",
  version: "",
  architecture: "",
  buildDate: 0,
  repository: "",
  sha256: "",
  signer: "",
  mark: "",
  nameNumber: 0,
  versionNumber: 0,
  signerNumber: 0,
  before: 0,
};

function isThis(kept: KeptOffer, one: SyncPackage, mark: string): boolean {
  return (
    kept.version === one.version &&
    kept.buildDate === one.buildDate &&
    kept.sha256 === checksumOf(one) &&
    kept.repository === one.repository &&
    kept.architecture === one.architecture &&
    kept.mark === mark
  );
}

interface Neighbourhood {
  readonly names: Words;
  readonly versions: Words;
  readonly signers: Words;
  readonly before: number;
}

function keep(one: SyncPackage, mark: string, { names, versions, signers, before }: Neighbourhood): KeptOffer {
  const nameNumber = names.number(one.name);
  const versionNumber = versions.number(one.version);
  const signer = one.signature === undefined ? "" : (signatureKeyId(one.signature) ?? UNREADABLE);
  const signerNumber = signers.number(signer);
  return {
    name: names.text(nameNumber),
    version: versions.text(versionNumber),
    architecture: copyOf(one.architecture),
    buildDate: one.buildDate,
    repository: copyOf(one.repository),
    sha256: copyOf(checksumOf(one)),
    signer: signers.text(signerNumber),
    mark: copyOf(mark),
    nameNumber,
    versionNumber,
    signerNumber,
    before,
  };
}

/** Whoever writes a database can put anything there. */
function checksumOf({ sha256 }: SyncPackage): string {
  return sha256 !== undefined && sha256.length === 64 ? sha256 : "";
}

function offerOf({ name, version, architecture, buildDate, repository, sha256, signer }: KeptOffer): Offer {
  return { name, version, architecture, buildDate, repository, sha256, signer };
}

interface Words {
  readonly size: number;
  readonly number: (word: string) => number;
  readonly text: (number: number) => string;
}

function makeWords(): Words {
  const numbers = new Map<string, number>();
  const texts: string[] = [""];
  return {
    get size() {
      return texts.length - 1;
    },
    number(word) {
      const known = numbers.get(word);
      if (known !== undefined) return known;
      const own = copyOf(word);
      numbers.set(own, texts.length);
      return texts.push(own) - 1;
    },
    text: (number) => texts[number] ?? "",
  };
}

/** A string of its own: a part of a database's text would keep all of that in memory. */
function copyOf(text: string): string {
  return text === "" ? "" : decodeUtf8Tolerantly(encodeUtf8(text));
}

function isSameBuild(one: Offer, other: Offer): boolean {
  if (one.version !== other.version) return false;
  if (one.sha256 !== "" && other.sha256 !== "") return one.sha256 === other.sha256;
  if (one.architecture !== other.architecture) return false;
  return one.buildDate === other.buildDate || one.buildDate === 0 || other.buildDate === 0;
}
