// Whether a file is the one that is wanted: size, SHA-256, and where no SHA-256 is known what its own metadata says; and
// whether its signature is such that this machine may use it. pacman itself verifies signatures later, with its keys.
import { rmSync, writeFileSync } from "node:fs";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { SignaturePolicy } from "../pacman/configuration.ts";
import { readPackageFile } from "../pacman/package-file.ts";
import type { PackageKey } from "./file-store.ts";
import { Miss } from "./miss.ts";

/** OpenPGP signatures have 119 to 600 bytes. */
export const SIGNATURE_LIMIT_BYTES = 64 * 1024;

/** Throws a Miss that says what is wrong. */
export async function inspectFile(
  file: string,
  { size, sha256 }: { readonly size: number; readonly sha256: string },
  item: SyncPackage,
): Promise<void> {
  const wrongSize = sizeProblem(size, item);
  if (wrongSize !== undefined) throw new Miss("broken", wrongSize);
  if (item.sha256 === undefined) {
    const other = await identityProblem(file, item);
    if (other !== undefined) throw new Miss("broken", other);
  } else if (sha256 !== item.sha256) {
    throw new Miss("broken", `its SHA-256 is ${sha256} instead of ${item.sha256}`);
  }
}

export function sizeProblem(size: number, { compressedSize }: SyncPackage): string | undefined {
  return compressedSize > 0 && size !== compressedSize ? `${size} bytes instead of ${compressedSize}` : undefined;
}

/** What a file's own metadata says against its being that build; undefined when it is. Never throws. */
export async function identityProblem(file: string, wanted: PackageKey): Promise<string | undefined> {
  const found = await readPackageFile(file, "").catch(() => undefined);
  if (found === undefined) return "not a package file";
  const { name, version, architecture, buildDate } = found;
  if (name !== wanted.name || version !== wanted.version) return `it is ${name} ${version}`;
  if (wanted.architecture !== "" && architecture !== wanted.architecture) return `it is for ${architecture}`;
  const isOtherBuild = wanted.buildDate !== 0 && buildDate !== wanted.buildDate;
  return isOtherBuild ? `it was built at ${buildDate} instead of ${wanted.buildDate}` : undefined;
}

/** HTML and text are no signatures: a binary OpenPGP packet begins with its highest bit set. */
export function isSignature(bytes: Uint8Array): boolean {
  return bytes.length >= 16 && bytes.length <= SIGNATURE_LIMIT_BYTES && (bytes[0] ?? 0) >= 0x80;
}

export interface SignatureRules {
  readonly policy: SignaturePolicy;
  /** The file comes from others. */
  readonly isGiven: boolean;
  /** The owner allows this content without a signature. */
  readonly isAllowed: boolean;
}

/** Throws a Miss when a file may not be used with, or without, that signature. */
export function requireSignature(hasSignature: boolean, { policy, isGiven, isAllowed }: SignatureRules): void {
  if (isGiven && !isAllowed) {
    if (!hasSignature) throw new Miss("unfit", "unsigned, and unsigned_allowed in agent.toml does not list it");
    if (policy === "never") {
      throw new Miss(
        "unfit",
        "this machine does not verify signatures of its repository (SigLevel), and unsigned_allowed in agent.toml does not list it",
      );
    }
  }
  if (policy === "required" && !hasSignature) throw new Miss("absent", "its signature is not there");
}

/** Puts a signature beside a file, or takes an old one away. */
export function placeSignature(file: string, signature: Uint8Array | undefined): void {
  if (signature === undefined) rmSync(`${file}.sig`, { force: true });
  else writeFileSync(`${file}.sig`, signature);
}
