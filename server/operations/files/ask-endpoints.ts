// Asks connected endpoints of a pool for files that no mirror gave: first those that have the version installed, so that
// their caches may have the file. What they bring goes through Upload, which believes nobody.

import type { LackWhy } from "../../../domain/files/target-reach.ts";
import { MAX_WANTED_FILES } from "../../../domain/limits.ts";
import { findInstalled, type PackageSet } from "../../../domain/package-set/package-set.ts";
import type { Store } from "../../store/store.ts";
import { contentOf } from "../content.ts";
import { eachBounded } from "./each-bounded.ts";
import { readMissing, type TargetFile } from "./target-files.ts";

/** A file that an endpoint does not give. */
export interface NotOffered {
  readonly name: string;
  readonly version: string;
  readonly why: string;
}

/** Agents with a live stream on this server. */
export interface EndpointSources {
  readonly connected: () => readonly string[];
  /** Resolves when the agent has uploaded what it could. Rejects when it left or took too long. */
  readonly ask: (
    endpointId: string,
    files: readonly TargetFile[],
    signal: AbortSignal,
  ) => Promise<readonly NotOffered[]>;
}

export interface AskParts {
  readonly store: Store;
  readonly endpoints: EndpointSources;
  readonly signal: AbortSignal;
  readonly onSourceFailed: (origin: string, error: unknown) => void;
}

/** Endpoints asked for one file in one round; the next round asks again. */
const MAX_ASKED_PER_FILE = 5;
const MAX_CANDIDATES = 100;
const CONCURRENT_ENDPOINTS = 4;
/** An agent has its own rate bound; below this rate it is as good as gone. */
const PATIENCE_BYTES_PER_MS = 32;
const PATIENCE_MS = 60_000;
/** Counted for a file of unknown size. */
const UNKNOWN_BYTES = 50 * 1024 * 1024;

/** Why, by key, for what they have but do not give. */
export async function askEndpoints(
  parts: AskParts,
  poolId: string,
  revision: number,
  missing: readonly TargetFile[],
): Promise<ReadonlyMap<string, LackWhy>> {
  const whys = new Map<string, LackWhy>();
  const candidates = await readCandidates(parts, poolId);
  let left = missing;
  for (let wave = 0; wave < MAX_ASKED_PER_FILE && left.length > 0 && wave < candidates.length; wave += 1) {
    const questions = questionsOf(candidates, left, wave);
    await eachBounded([...questions], CONCURRENT_ENDPOINTS, async ([endpointId, files]) => {
      for (const one of await askOne(parts, endpointId, files)) {
        const file = files.find(({ name, version }) => name === one.name && version === one.version);
        if (file !== undefined && one.why === "unsigned") whys.set(file.fileKey, "unsigned");
      }
    });
    parts.signal.throwIfAborted();
    left = await readMissing(parts.store.database, poolId, revision);
  }
  return whys;
}

interface Candidate {
  readonly id: string;
  readonly installed: PackageSet | undefined;
}

async function readCandidates({ store, endpoints }: AskParts, poolId: string): Promise<readonly Candidate[]> {
  const rows = await store.database.query<{ id: string; package_set_digest: string | null }>(
    `select e.id, e.package_set_digest from endpoint e join target t on t.pool_id = e.pool_id
       join pool p on p.id = e.pool_id and p.target_revision = t.revision
     where e.pool_id = $1 and e.id = any($2::uuid[])
     order by e.id::text = t.source_endpoint_id desc, e.last_seen desc nulls last limit $3`,
    [poolId, endpoints.connected(), MAX_CANDIDATES],
  );
  const content = contentOf(store);
  return Promise.all(
    rows.map(async ({ id, package_set_digest: digest }) => ({
      id,
      installed: digest === null ? undefined : await content.packageSet(store.database, digest),
    })),
  );
}

/** Whom to ask for what in one wave: every file its next best endpoint. */
function questionsOf(
  candidates: readonly Candidate[],
  files: readonly TargetFile[],
  wave: number,
): ReadonlyMap<string, readonly TargetFile[]> {
  const questions = new Map<string, TargetFile[]>();
  for (const file of files) {
    const has = ({ installed }: Candidate): boolean =>
      installed !== undefined && findInstalled(installed, file.name)?.version === file.version;
    const ordered = [...candidates.filter(has), ...candidates.filter((one) => !has(one))];
    const endpointId = ordered[wave]?.id;
    if (endpointId === undefined) continue;
    const question = questions.get(endpointId) ?? [];
    questions.set(endpointId, question);
    question.push(file);
  }
  return questions;
}

async function askOne(
  parts: AskParts,
  endpointId: string,
  files: readonly TargetFile[],
): Promise<readonly NotOffered[]> {
  const notOffered: NotOffered[] = [];
  for (let at = 0; at < files.length; at += MAX_WANTED_FILES) {
    const portion = files.slice(at, at + MAX_WANTED_FILES);
    const bytes = portion.reduce((sum, { size }) => sum + (size === 0 ? UNKNOWN_BYTES : size), 0);
    const patience = AbortSignal.timeout(PATIENCE_MS + Math.ceil(bytes / PATIENCE_BYTES_PER_MS));
    try {
      const signal = AbortSignal.any([parts.signal, patience]);
      notOffered.push(...(await parts.endpoints.ask(endpointId, portion, signal)));
    } catch (error) {
      parts.onSourceFailed(`endpoint ${endpointId}`, error);
      break;
    }
  }
  return notOffered;
}
