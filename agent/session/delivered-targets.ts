// The newest target of the pool on disk: STATE/target.pb as it came, its databases in STATE/views by SHA-256. A target
// counts only once all its databases are there, so that plans and status work without the server.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { packageSetDigest, type Sha256 } from "../../domain/package-set/canonical.ts";
import { TargetState } from "../../proto/generated/pacpool/v1/agent.ts";
import { decodePackageSet } from "../../rpc/codec/package-set.ts";
import { decodePolicy } from "../../rpc/codec/policy.ts";
import { decodeTarget } from "../../rpc/codec/target.ts";
import { writeDurably } from "../durable-file.ts";
import type { DeliveredTarget } from "../machine.ts";
import { hashFile } from "./transfers.ts";

const sha256: Sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

export interface DeliveredTargets {
  readonly current: () => DeliveredTarget | undefined;
  /** Fetches what is missing, then makes it the current one. Throws what `fetch` throws; the old one stays then. */
  readonly take: (state: TargetState, fetch: FetchDatabase) => Promise<void>;
  /** Calls back when another target became the current one; answers how to stop that. */
  readonly follow: (listener: () => void) => () => void;
}

/** Puts one database at `path`, verified. */
export type FetchDatabase = (
  database: { readonly repository: string; readonly sha256: string },
  path: string,
) => Promise<void>;

/** Reads what the last run left. A damaged file counts as none: the server sends it again. */
export async function openDeliveredTargets(stateDir: string): Promise<DeliveredTargets> {
  const file = join(stateDir, "target.pb");
  const folder = join(stateDir, "views");
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const databaseFile = (digest: string): string => join(folder, `${digest}.db`);
  const listeners = new Set<() => void>();
  let current = await restore(file, databaseFile);
  const become = (next: DeliveredTarget | undefined): void => {
    current = next;
    for (const listener of listeners) {
      listener();
    }
  };
  return {
    current: () => current,
    follow: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    take: async (state, fetch) => {
      const next = decode(state, databaseFile);
      for (const database of next?.target.view.databases ?? []) {
        const path = databaseFile(database.sha256);
        if ((await hashFile(path)) !== database.sha256) {
          await fetch(database, path);
        }
      }
      await writeDurably(file, TargetState.encode(state).finish());
      become(next);
      await prune(folder, next);
    },
  };
}

async function restore(file: string, databaseFile: (sha256: string) => string): Promise<DeliveredTarget | undefined> {
  try {
    return decode(TargetState.decode(await readFile(file)), databaseFile);
  } catch {
    return undefined;
  }
}

function decode(state: TargetState, databaseFile: (sha256: string) => string): DeliveredTarget | undefined {
  if (state.target === undefined) {
    return undefined;
  }
  const target = decodeTarget(state.target);
  const { poolId } = state.target;
  const policy = { policy: decodePolicy(state.policy), policyDigest: state.policy?.digest ?? "" };
  if (target.mode !== "mirror") {
    return { poolId, target, mirror: undefined, databaseFile, ...policy };
  }
  const mirror = decodePackageSet(state.packageSet);
  if (packageSetDigest(mirror, sha256) !== target.packageSetDigest) {
    throw new Error(`the package set that came with target ${String(target.revision)} is not the one that it names`);
  }
  return { poolId, target, mirror, databaseFile, ...policy };
}

/** Databases of older targets go; a plan in work opened its files before. */
async function prune(folder: string, kept: DeliveredTarget | undefined): Promise<void> {
  const names = new Set(kept?.target.view.databases.map(({ sha256: digest }) => `${digest}.db`));
  for (const name of await readdir(folder)) {
    if (!names.has(name)) {
      await rm(join(folder, name), { force: true });
    }
  }
}
