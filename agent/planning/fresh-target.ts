// What an update of this machine leads to: the newest databases of its own repositories, as a target of its own. They are
// fetched beside the machine's: until the whole upgrade is done and proven, pacman sees the old ones and nothing can be
// half upgraded.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareVersions } from "../../domain/version/compare.ts";
import { viewDigest } from "../../domain/view/view.ts";
import type { Installation } from "../installation.ts";
import type { DeliveredTarget } from "../machine.ts";
import { ask } from "../pacman/process.ts";
import { type DatabaseCache, databaseFileOf, type OwnView, readOwnView, sha256Of } from "../pacman/sync-databases.ts";

export interface FreshTarget extends Disposable {
  readonly delivered: DeliveredTarget;
}

/** Some tens of megabytes over a slow line; a plan has two minutes in all. */
const FETCH_TIMEOUT_MS = 100_000;

/**
 * Disposal deletes the files, so keep what is to stay. Rules of the pool's target hold for an update as well. Throws with
 * pacman's words when a database cannot be had.
 */
export async function openFreshTarget(
  installation: Installation,
  pool: DeliveredTarget | undefined,
  cache: DatabaseCache,
  signal: AbortSignal,
): Promise<FreshTarget> {
  // pacman 7 downloads as a user of its own, who must get through.
  const folder = mkdtempSync(join(tmpdir(), "pacpool-update-"));
  chmodSync(folder, 0o755);
  try {
    const { view, index } = await fetchView(installation, folder, cache, signal);
    const files = new Map(view.databases.map(({ repository, sha256 }) => [sha256, databaseFileOf(folder, repository)]));
    // Conflicts are about the pool's target, and this is not it.
    const policy = pool?.policy === undefined ? {} : { policy: { ...pool.policy, keep: [] } };
    const delivered: DeliveredTarget = {
      poolId: pool?.poolId ?? "",
      mirror: undefined,
      databaseFile: (sha256) => files.get(sha256) ?? join(folder, sha256),
      ...policy,
      target: {
        revision: 0,
        mode: "versions",
        view,
        viewDigest: viewDigest(view, sha256Of),
        otherViews: [],
        // Like pacman's own -Syu: what is newer here than in the repositories stays.
        pins: newerThan(installation, index),
        shared: [],
        packageSetDigest: "",
        sourceEndpointId: "",
        sourceEndpoint: "",
        author: "",
        message: "the newest of this machine's own repositories",
        createdAtMs: 0,
        bad: false,
        restoresRevision: 0,
      },
    };
    return { delivered, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function fetchView(
  { configuration }: Installation,
  folder: string,
  cache: DatabaseCache,
  signal: AbortSignal,
): Promise<OwnView> {
  const { command, file } = configuration;
  const words = ["--config", file, "--dbpath", folder, "--logfile", "/dev/null", "-Sy", "--noconfirm"];
  const { code, output, errors } = await ask([...command, ...words, "--noprogressbar"], {
    timeoutMs: FETCH_TIMEOUT_MS,
    signal,
  });
  if (code !== 0) {
    const said = `${errors}${output}`.split("\n").filter((line) => line.startsWith("error:"));
    throw new Error(`fetching the repositories' newest databases: ${said.slice(0, 5).join("; ") || `exit ${code}`}`);
  }
  const fresh = readOwnView({ ...configuration, dbPath: folder }, cache, new Map());
  if (fresh.missing.length > 0) throw new Error(`fetching databases: there is none of ${fresh.missing.join(", ")}`);
  return fresh;
}

function newerThan({ local }: Installation, index: OwnView["index"]): ReadonlyMap<string, string> {
  return new Map(
    local.set.packages.flatMap(({ name, version }) => {
      const offered = index.packages.get(name);
      return offered !== undefined && compareVersions(version, offered.version) > 0 ? [[name, version] as const] : [];
    }),
  );
}
