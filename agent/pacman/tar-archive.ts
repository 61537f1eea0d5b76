// Packs small archives in memory, in the formats that pacman reads: packages and databases. Knows nothing of their content.
import { pack } from "tar-stream";

export interface ArchiveEntry {
  /** A trailing slash makes a folder. */
  readonly path: string;
  readonly content?: string | Uint8Array;
  /** Default 0644, folders 0755. */
  readonly mode?: number;
  /** Makes a symbolic link. */
  readonly link?: string;
}

/** A tar of the entries in order, all owned by root. `time` is in Unix seconds. */
export async function packArchive(entries: Iterable<ArchiveEntry>, time = 0): Promise<Buffer> {
  const archive = pack();
  const chunks: Buffer[] = [];
  const done = (async () => {
    for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  })();
  const common = { mtime: new Date(time * 1000), uname: "root", gname: "root" };
  for (const { path, content = "", mode, link } of entries) {
    if (link !== undefined) archive.entry({ ...common, name: path, type: "symlink", linkname: link });
    else if (path.endsWith("/")) archive.entry({ ...common, name: path, type: "directory", mode: mode ?? 0o755 });
    else archive.entry({ ...common, name: path, mode: mode ?? 0o644 }, Buffer.from(content));
  }
  archive.finalize();
  await done;
  return Buffer.concat(chunks);
}
