// A version that no view at hand describes and no folder has: the server, a mirror or an archive may still have its file,
// and the file says the rest. Costs a download while planning, so it is bounded.
import { join } from "node:path";
import { describeBuild } from "./describe-build.ts";
import { fetchFiles } from "./fetch-files.ts";
import type { FileSurroundings } from "./file-source.ts";
import type { PackageKey } from "./file-store.ts";

/** For all versions of one plan together: a plan has less than two minutes. */
const LIMIT_MS = 60_000;

/** Answers the path of the file, fetched into the folder of kept files; undefined when nobody has it in time. */
export type UnknownFetcher = (build: PackageKey, repository: string) => Promise<string | undefined>;

export function openUnknownFetcher(files: FileSurroundings): UnknownFetcher {
  const { configuration, keptDir } = files;
  const architectures = [...new Set([...configuration.architectures, "any"])];
  let limit: AbortSignal | undefined;
  return async (build, repository) => {
    limit ??= AbortSignal.timeout(LIMIT_MS);
    const signal = files.signal === undefined ? limit : AbortSignal.any([files.signal, limit]);
    for (const architecture of build.architecture === "" ? architectures : [build.architecture]) {
      const item = describeBuild({ ...build, architecture }, repository);
      try {
        const { found } = await fetchFiles([item], keptDir, { ...files, signal });
        if (found.length > 0) return join(keptDir, item.filename);
      } catch (cause) {
        files.signal?.throwIfAborted();
        if (limit.aborted) return undefined;
        throw cause;
      }
    }
    return undefined;
  };
}
