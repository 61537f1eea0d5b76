// Sync databases that pacpool makes itself: exactly the versions that a plan names, so that pacman cannot choose others.
import { gzipSync } from "node:zlib";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { packArchive } from "./tar-archive.ts";

/** Starts the name of every database of a plan, so that a leftover is known for what it is. */
export const planDatabasePrefix = "pacpool-";

/** The name of the plan database that stands in for a repository. */
export function planDatabaseOf(repository: string): string {
  return `${planDatabasePrefix}${repository}`;
}

/**
 * A database as repo-add writes it. `withDigests: false` leaves sizes and digests of files out, for stub packages whose
 * files are not the real ones. pacman 6.1 and later compare the rest with the package and refuse a difference.
 */
export async function packDatabase(
  packages: Iterable<SyncPackage>,
  { withDigests }: { readonly withDigests: boolean },
): Promise<Buffer> {
  const entries = [...packages].flatMap((item) => {
    const folder = `${item.name}-${item.version}`;
    return [{ path: `${folder}/` }, { path: `${folder}/desc`, content: describe(item, withDigests) }];
  });
  return gzipSync(await packArchive(entries), { level: 1 });
}

function describe(item: SyncPackage, withDigests: boolean): string {
  const field = (title: string, values: readonly (string | number)[]): string =>
    values.length === 0 ? "" : `%${title}%\n${values.join("\n")}\n\n`;
  const { sha256 } = withDigests ? item : { sha256: undefined };
  return [
    field("FILENAME", [item.filename]),
    field("NAME", [item.name]),
    field("VERSION", [item.version]),
    field("GROUPS", item.groups),
    field("CSIZE", sha256 !== undefined && item.compressedSize > 0 ? [item.compressedSize] : []),
    field("ISIZE", [item.installedSize]),
    field("SHA256SUM", sha256 === undefined ? [] : [sha256]),
    field("ARCH", [item.architecture]),
    field("BUILDDATE", item.buildDate === 0 ? [] : [item.buildDate]),
    // pacman 6.0 names the packager when a key is missing, and crashes where the database has none.
    field("PACKAGER", ["Unknown Packager"]),
    field("REPLACES", item.replaces),
    field("CONFLICTS", item.conflicts),
    field("PROVIDES", item.provides),
    field("DEPENDS", item.depends),
  ].join("");
}
