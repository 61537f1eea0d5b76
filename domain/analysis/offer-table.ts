// Packages that views offer, as numbers. Views of a pool repeat each other nearly whole, so each distinct offer is kept once,
// and views are compared by looking at dense arrays. It keeps flat strings of its own: parts of a database's text would keep
// that whole text in memory.
import { compareVersions } from "../version/compare.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { isSha256 } from "../view/view.ts";
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
  const offers = makeWords();
  const nameOf: number[] = [0];
  const versionOf: number[] = [0];
  const signerOf: number[] = [0];
  const buildDateOf: number[] = [0];
  const orders = new Map<number, number>();
  const at = (offer: number): Offer => readOffer(offers.text(offer));
  return {
    get size() {
      return offers.size;
    },
    get names() {
      return names.size + 1;
    },
    intern(one) {
      const offer = offers.number(writeOffer(one));
      if (offer === nameOf.length) {
        const kept = at(offer);
        nameOf.push(names.number(kept.name));
        versionOf.push(versions.number(kept.version));
        signerOf.push(signers.number(kept.signer));
        buildDateOf.push(kept.buildDate);
      }
      return offer;
    },
    nameNumber: names.number,
    versionNumber: versions.number,
    nameOf: (offer) => nameOf[offer] ?? 0,
    versionOf: (offer) => versionOf[offer] ?? 0,
    signerOf: (offer) => signerOf[offer] ?? 0,
    buildDateOf: (offer) => buildDateOf[offer] ?? 0,
    order(one, other) {
      if (one === other) return 0;
      const pair = one * PAIR + other;
      const known = orders.get(pair);
      if (known !== undefined) return known;
      const found = compareVersions(versions.text(one), versions.text(other));
      orders.set(pair, found);
      return found;
    },
    isSameBuild: (one, other) => one === other || isSameBuild(at(one), at(other)),
    name: names.text,
    version: versions.text,
    signer: signers.text,
    at,
  };
}

/** Above every version number that a table may reach, and its square is still an exact number. */
const PAIR = 2 ** 26;

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
      numbers.set(word, texts.length);
      return texts.push(word) - 1;
    },
    text: (number) => texts[number] ?? "",
  };
}

/** Spaces part what can hold none: names, versions, words, digits. */
function writeOffer(one: SyncPackage): string {
  const signer = one.signature === undefined ? "" : (signatureKeyId(one.signature) ?? UNREADABLE);
  // Whoever writes a database can put anything there.
  const sha256 = one.sha256 !== undefined && isSha256(one.sha256) ? one.sha256 : "";
  return `${one.name} ${one.version} ${one.architecture} ${one.buildDate} ${one.repository} ${sha256} ${signer}`;
}

function readOffer(text: string): Offer {
  const [name = "", version = "", architecture = "", buildDate = "0", repository = "", sha256 = "", signer = ""] =
    text.split(" ");
  return { name, version, architecture, buildDate: Number(buildDate), repository, sha256, signer };
}

function isSameBuild(one: Offer, other: Offer): boolean {
  if (one.version !== other.version) return false;
  if (one.sha256 !== "" && other.sha256 !== "") return one.sha256 === other.sha256;
  if (one.architecture !== other.architecture) return false;
  return one.buildDate === other.buildDate || one.buildDate === 0 || other.buildDate === 0;
}
