// A repository of real package files behind a mirror, a server, and machines that have some of them installed.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InstalledPackage } from "../../domain/package-set/package-set.ts";
import type { VerifyTargetResponse } from "../../proto/generated/pacpool/v1/target.ts";
import type { ServerConfig } from "../../server/config.ts";
import { eventually } from "./eventually.ts";
import { type FakeMachine, installed } from "./fake-agent.ts";
import { type Mirror, openMirror } from "./mirror.ts";
import { defaultBuildDate, type PackageRecipe } from "./package-archive.ts";
import { openRepository, type Repository } from "./repository.ts";
import { openServer, type TestServer } from "./server.ts";
import { sha256 } from "./sync-database.ts";

/** Looks like a detached signature; whose it is only pacman asks. */
export const SIGNATURE: Buffer = Buffer.concat([Buffer.from([0x88, 0x75]), Buffer.alloc(117, 7)]);

/** Where signatures are: in the database, beside the files, or nowhere. */
export type Signed = "in-view" | "beside" | "nowhere";

export interface FilesWorldOptions {
  readonly packages: readonly PackageRecipe[];
  readonly signed?: Signed;
  readonly config?: Partial<ServerConfig>;
  /** The server's; kept when given. */
  readonly stateDir?: string;
}

export interface FilesWorld extends AsyncDisposable {
  readonly server: TestServer;
  readonly repository: Repository;
  readonly mirror: Mirror;
  /** A machine with these packages of the repository's present moment. */
  machine(names: readonly string[], more?: Partial<FakeMachine>): FakeMachine;
  /** Another moment of the repository; old files stay on the mirror unless dropped. */
  publish(packages: readonly PackageRecipe[], dropOldFiles?: boolean): Promise<void>;
  /** The answer once every source has been tried. */
  verified(pool?: string, revision?: bigint): Promise<VerifyTargetResponse>;
}

export const POOL = "desks";

/** Looking and fetching take a second; a busy machine takes its time. */
const FETCH_MS = 30_000;

export async function openFilesWorld(options: FilesWorldOptions): Promise<FilesWorld> {
  const stack = new AsyncDisposableStack();
  try {
    return await furnish(stack, options);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function furnish(stack: AsyncDisposableStack, options: FilesWorldOptions): Promise<FilesWorld> {
  const { signed = "in-view" } = options;
  const directory = mkdtempSync(join(tmpdir(), "pacpool-files-"));
  stack.defer(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const repository = await openRepository({ directory, name: "core" });
  const publish = async (packages: readonly PackageRecipe[], dropOldFiles = false): Promise<void> => {
    await repository.publish(packages, { dropOldFiles });
    await sign(repository, signed);
  };
  await publish(options.packages);
  const { config, stateDir } = options;
  const serverOptions = {
    ...(config === undefined ? {} : { config }),
    ...(stateDir === undefined ? {} : { stateDir }),
  };
  const mirror = stack.use(await openMirror({ directory }));
  const server = stack.use(await openServer(serverOptions));
  await server.admin.pools.createPool({ name: POOL });
  return {
    server,
    repository,
    mirror,
    publish,
    machine: (names, more = {}) => machineOf(repository, mirror, names, more),
    verified: (pool = POOL, revision = 0n) =>
      eventually(
        "the end of fetching",
        async () => {
          const answer = await server.admin.targets.verifyTarget({ pool, revision });
          return answer.fetching ? undefined : answer;
        },
        FETCH_MS,
      ),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The database names signatures that lie beside the files while it is written. */
async function sign(repository: Repository, signed: Signed): Promise<void> {
  const files = readdirSync(repository.directory).filter((name) => name.endsWith(".pkg.tar.zst"));
  const write = (): void => {
    for (const name of files) writeFileSync(join(repository.directory, `${name}.sig`), SIGNATURE);
  };
  if (signed === "in-view") write();
  await repository.republish();
  if (signed === "beside") write();
}

function machineOf(
  repository: Repository,
  mirror: Mirror,
  names: readonly string[],
  more: Partial<FakeMachine>,
): FakeMachine {
  const bytes = readFileSync(join(repository.directory, "core.db"));
  return {
    packages: names.map((name) => installedFrom(repository, name)),
    databases: [{ repository: "core", bytes, sha256: sha256(bytes) }],
    servers: { core: [mirror.url] },
    cached: [],
    ...more,
  };
}

function installedFrom(repository: Repository, name: string): InstalledPackage {
  const archive = repository.archives.find(({ recipe }) => recipe.name === name);
  if (archive === undefined) throw new Error(`the repository has no package ${name}`);
  const { version, architecture = "any", buildDate = defaultBuildDate } = archive.recipe;
  return installed(name, version, { architecture, buildDate });
}

/** What an endpoint lacks, as words. */
export function lackingOf(answer: VerifyTargetResponse, endpoint: string): readonly string[] {
  const found = answer.endpoints.find((one) => one.endpoint === endpoint);
  return found?.lacking.map(({ name, version, why }) => `${name} ${version} ${String(why)}`) ?? [];
}
