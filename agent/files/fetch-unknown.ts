// A version that no view at hand describes and no folder has: the server, a mirror or an archive may still have its file,
// and the file says the rest. Costs a download while planning, so it is bounded.
import { join } from "node:path";
import { describeBuild } from "./describe-build.ts";
import { fetchFiles } from "./fetch-files.ts";
import type { FileSurroundings } from "./file-source.ts";
import type { PackageKey } from "./file-store.ts";

/** For all versions of one plan together: a plan has less than two minutes. */
const LIMIT_MS = 60_000;

/** A file in the folder of kept files, or every place with what was wrong there. */
export type Unknown = { readonly file: string } | { readonly lookedFor: readonly string[] };

export type UnknownFetcher = (build: PackageKey, repository: string) => Promise<Unknown>;

export function openUnknownFetcher(files: FileSurroundings): UnknownFetcher {
  const { configuration, keptDir } = files;
  const architectures = [...new Set([...configuration.architectures, "any"])];
  let limit: AbortSignal | undefined;
  return async (build, repository) => {
    let lookedFor: readonly string[] = [];
    limit ??= AbortSignal.timeout(LIMIT_MS);
    const signal = files.signal === undefined ? limit : AbortSignal.any([files.signal, limit]);
    for (const architecture of build.architecture === "" ? architectures : [build.architecture]) {
      const item = describeBuild({ ...build, architecture }, repository);
      try {
        const { found, missing } = await fetchFiles([item], keptDir, { ...files, signal });
        if (found.length > 0) return { file: join(keptDir, item.filename) };
        lookedFor = missing.flatMap((one) => one.lookedFor);
      } catch (cause) {
        files.signal?.throwIfAborted();
        if (limit.aborted) return { lookedFor: [...lookedFor, "looking for it took too long"] };
        throw cause;
      }
    }
    return { lookedFor };
  };
}
