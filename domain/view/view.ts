// A frozen moment of the repositories, by the content of its sync databases. docs/spec/view.md.
import { MAX_DATABASE_BYTES, MAX_DATABASES } from "../limits.ts";
import type { Sha256 } from "../package-set/canonical.ts";
import { isWord } from "../package-set/package-set.ts";
import { invalidField, tooLarge } from "../refusal.ts";
import { encodeUtf8 } from "../text/utf8.ts";

export interface ViewDatabase {
  /** As named in pacman.conf. */
  readonly repository: string;
  /** Lower-case hex, of the file as it lies in DBPath/sync. */
  readonly sha256: string;
  /** Bytes of that file. */
  readonly size: number;
}

export interface View {
  /** The first of pacman's Architecture. */
  readonly architecture: string;
  /** What makes packages interchangeable; see computeClass. */
  readonly class: string;
  /** In pacman.conf's order. */
  readonly databases: readonly ViewDatabase[];
}

/** Over architecture and databases; the class follows from these and is not covered. */
export function viewDigest(view: View, sha256: Sha256): string {
  const lines = ["pacpool-view 1", view.architecture];
  for (const one of view.databases) lines.push(`${one.repository} ${one.sha256} ${one.size}`);
  return sha256(encodeUtf8(`${lines.join("\n")}\n`));
}

const SHA256 = /^[0-9a-f]{64}$/;

export function isSha256(text: string): boolean {
  return SHA256.test(text);
}

/** Checks what came from elsewhere; returns it. Refuses INVALID_FIELD or TOO_LARGE. */
export function checkView(view: View): View {
  if (!isWord(view.architecture)) throw invalidField("architecture", view.architecture, "a word such as x86_64");
  if (view.databases.length > MAX_DATABASES) throw tooLarge("databases", MAX_DATABASES);
  const seen = new Set<string>();
  for (const one of view.databases) {
    if (!isWord(one.repository)) throw invalidField("repository", one.repository, "a repository name such as core");
    if (seen.has(one.repository)) throw invalidField("repository", one.repository, "each repository once");
    seen.add(one.repository);
    if (!isSha256(one.sha256))
      throw invalidField(`sha256 of ${one.repository}`, one.sha256, "64 lower-case hex digits");
    if (!Number.isInteger(one.size) || one.size < 0)
      throw invalidField(`size of ${one.repository}`, String(one.size), "bytes");
    if (one.size > MAX_DATABASE_BYTES) throw tooLarge(`database ${one.repository}`, MAX_DATABASE_BYTES);
  }
  return view;
}
