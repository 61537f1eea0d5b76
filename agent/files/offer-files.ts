// Package files that this machine could give to others: looked for in caches and among kept files, verified, with their
// signatures. Fetches nothing and sends nothing.
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import type { ViewIndex } from "../../domain/view/view-index.ts";
import { describeBuild } from "./describe-build.ts";
import type { PackageKey } from "./file-store.ts";
import { folderSource } from "./folder-source.ts";
import { listBuilds } from "./kept-files.ts";
import { sha256OfFile } from "./transfer.ts";

/** What somebody else lacks. */
export interface WantedFile extends PackageKey {
  /** Undefined when no view knows it. */
  readonly sha256: string | undefined;
  /** Empty when unknown. */
  readonly filename: string;
  /** Bytes; 0 when unknown. */
  readonly size: number;
  /** Whoever wants it has the signature of the file with that digest already. */
  readonly signatureKnown?: boolean;
}

/** Words of the contract. */
export type WhyNot = "absent" | "different" | "unsigned" | "metered" | "failed";

export type Offer =
  | {
      readonly kind: "offered";
      readonly wanted: WantedFile;
      readonly path: string;
      readonly size: number;
      readonly sha256: string;
      /** Undefined only where the other side has it, or the owner allows that file without one. */
      readonly signature: Uint8Array | undefined;
    }
  | { readonly kind: "refused"; readonly wanted: WantedFile; readonly why: WhyNot };

export interface OfferSurroundings {
  /** Caches and kept files. */
  readonly folders: readonly string[];
  /** The machine's own view: some databases carry the signatures. */
  readonly view: ViewIndex;
  readonly unsignedAllowed: ReadonlySet<string>;
}

/** In the order of what is wanted. */
export async function findOffers(
  wanted: readonly WantedFile[],
  surroundings: OfferSurroundings,
): Promise<readonly Offer[]> {
  const builds = listBuilds(surroundings.folders);
  const offers: Offer[] = [];
  for (const one of wanted) {
    const offer = await offerOf(one, surroundings, builds).catch(() => refuse(one, "failed"));
    offers.push(offer);
  }
  return offers;
}

async function offerOf(
  wanted: WantedFile,
  surroundings: OfferSurroundings,
  builds: ReturnType<typeof listBuilds>,
): Promise<Offer> {
  const { folders, view, unsignedAllowed } = surroundings;
  const there = filesNamed(wanted, folders);
  const build = await builds(wanted);
  for (const file of new Set(wanted.sha256 === undefined ? [build] : [...there, build])) {
    if (file === undefined) continue;
    const { size } = statSync(file);
    if (wanted.size > 0 && size !== wanted.size) continue;
    const sha256 = await sha256OfFile(file);
    if (wanted.sha256 !== undefined && sha256 !== wanted.sha256) continue;
    const signature = await signatureOf(file, sha256, wanted, view);
    const isSigned = signature !== undefined || (wanted.signatureKnown === true && wanted.sha256 === sha256);
    if (!isSigned && !unsignedAllowed.has(sha256)) return refuse(wanted, "unsigned");
    return { kind: "offered", wanted, path: file, size, sha256, signature };
  }
  return refuse(wanted, build === undefined && there.length === 0 ? "absent" : "different");
}

function refuse(wanted: WantedFile, why: WhyNot): Offer {
  return { kind: "refused", wanted, why };
}

/** A file name comes from elsewhere and becomes a path. */
function filesNamed({ filename }: WantedFile, folders: readonly string[]): readonly string[] {
  if (filename === "" || basename(filename) !== filename || filename.startsWith(".")) return [];
  return folders
    .map((folder) => join(folder, filename))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

async function signatureOf(
  file: string,
  sha256: string,
  wanted: WantedFile,
  view: ViewIndex,
): Promise<Uint8Array | undefined> {
  const filename = basename(file);
  const source = folderSource(file.slice(0, -filename.length - 1));
  const beside = await source.signature(describeBuild(wanted, "", filename), new AbortController().signal);
  const known = view.packages.get(wanted.name);
  if (beside !== undefined || known?.sha256 !== sha256 || known.signature === undefined) return beside;
  return Buffer.from(known.signature, "base64");
}
