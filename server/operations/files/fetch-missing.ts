// One round for one target: what is not here is fetched from mirrors, then asked of endpoints, then of the archive. Run
// again after a kill it goes on with what is still missing.
import type { LackWhy } from "../../../domain/files/target-reach.ts";
import type { Store } from "../../store/store.ts";
import { askEndpoints, type EndpointSources } from "./ask-endpoints.ts";
import { eachBounded } from "./each-bounded.ts";
import { type Fetching, fetchFile } from "./fetch-file.ts";
import type { Patience } from "./http-source.ts";
import { mirrorKey, readMirrors, SourceHealth } from "./mirrors.ts";
import { readMissing, recordWhy, type TargetFile } from "./target-files.ts";

export interface FileRules {
  /** Digests of package files that may be kept without a signature. */
  readonly unsignedAllowed: ReadonlySet<string>;
  readonly fetchMirrors: boolean;
  /** URL with {name}, {version}, {arch} and {filename}; undefined when there is none. */
  readonly archive: string | undefined;
  readonly patience: Patience;
}

export interface FetchParts {
  readonly store: Store;
  readonly rules: FileRules;
  readonly endpoints: EndpointSources;
  readonly signal: AbortSignal;
  readonly onSourceFailed: (origin: string, error: unknown) => void;
}

/** Files under way at once: enough for a line of 1 Gbit/s, few enough for a small machine. */
const CONCURRENT_FILES = 4;

/** How many files are still missing afterwards. */
export async function fetchMissing(parts: FetchParts, poolId: string, revision: number): Promise<number> {
  const { store, rules, signal } = parts;
  const { database } = store;
  const missing = await readMissing(database, poolId, revision);
  if (missing.length === 0) return 0;
  const whys = new Map<string, LackWhy>();
  const fetching = { ...parts, ...rules, health: new SourceHealth() };
  if (rules.fetchMirrors) {
    const mirrors = await readMirrors(database, poolId);
    await fetchAll(fetching, missing, whys, (file) => mirrorUrls(mirrors, file));
  }
  signal.throwIfAborted();
  const unasked = await readMissing(database, poolId, revision);
  for (const [key, why] of await askEndpoints(parts, poolId, revision, unasked)) whys.set(key, why);
  const { archive } = rules;
  if (archive !== undefined) {
    const left = await readMissing(database, poolId, revision);
    await fetchAll(fetching, left, whys, (file) => [archiveUrl(archive, file)]);
  }
  const still = await readMissing(database, poolId, revision);
  const lacking = still.map(({ fileKey }) => [fileKey, whys.get(fileKey) ?? "nowhere"] as const);
  await recordWhy(database, poolId, revision, new Map(lacking));
  return still.length;
}

async function fetchAll(
  fetching: Fetching,
  files: readonly TargetFile[],
  whys: Map<string, LackWhy>,
  urlsOf: (file: TargetFile) => readonly string[],
): Promise<void> {
  // Without a digest nothing could be verified, and without a size nothing bounded.
  const known = files.filter((file) => file.sha256 !== "" && file.size > 0 && file.filename !== "");
  await eachBounded(known, CONCURRENT_FILES, async (file) => {
    const outcome = await fetchFile(fetching, file, urlsOf(file));
    if (outcome !== "kept") whys.set(file.fileKey, outcome);
  });
}

function mirrorUrls(mirrors: ReadonlyMap<string, readonly string[]>, file: TargetFile): readonly string[] {
  const servers = mirrors.get(mirrorKey(file.class, file.repository)) ?? [];
  return servers.map((server) => `${server}/${encodeURIComponent(file.filename)}`);
}

function archiveUrl(template: string, file: TargetFile): string {
  const values: Readonly<Record<string, string>> = {
    "{name}": file.name,
    "{version}": file.version,
    "{arch}": file.architecture,
    "{filename}": file.filename,
  };
  return template.replaceAll(/\{(?:name|version|arch|filename)\}/g, (key) => encodeURIComponent(values[key] ?? ""));
}
