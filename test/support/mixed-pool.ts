// A pool of two classes from real, signed repository databases: two moments of one distribution, one of them with multilib,
// and a third machine of another distribution.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FakeMachine, installed } from "./fake-agent.ts";
import { defaultBuildDate, type PackageRecipe } from "./package-archive.ts";
import { openRepository, type Repository } from "./repository.ts";
import { openSigner } from "./signer.ts";
import { type SyncDatabase, sha256 } from "./sync-database.ts";

export interface MixedPool extends AsyncDisposable {
  /** Three days newer, without multilib. */
  readonly atlas: FakeMachine;
  /** Older, with multilib and a foreign package. */
  readonly borealis: FakeMachine;
  /** Of another distribution, oldest. */
  readonly zephyr: FakeMachine;
  /** Key id of whoever signs core. */
  readonly keyId: string;
}

const DAY = 86_400;
const MAY = defaultBuildDate;

const base = (version: string, buildDate: number): readonly PackageRecipe[] => [
  { name: "base", version: "3-1", depends: ["glibc"], buildDate: MAY },
  { name: "glibc", version, buildDate },
];

export async function openMixedPool(): Promise<MixedPool> {
  const directory = mkdtempSync(join(tmpdir(), "pacpool-mixed-"));
  await using opening = new AsyncDisposableStack();
  opening.defer(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const signer = opening.use(await openSigner());
  const old = await openRepository({
    directory: join(directory, "old"),
    name: "core",
    signer,
    packages: [
      ...base("2.39-1", MAY),
      { name: "app", version: "1.0-1", buildDate: MAY },
      { name: "gone", version: "1.0-1", buildDate: MAY },
    ],
  });
  const moved = await openRepository({
    directory: join(directory, "new"),
    name: "core",
    signer,
    packages: [...base("2.40-1", MAY + 3 * DAY), { name: "app", version: "2.0-1", buildDate: MAY + 2 * DAY }],
  });
  const multilib = await openRepository({
    directory: join(directory, "multilib"),
    name: "multilib",
    packages: [{ name: "lib32-glibc", version: "2.39-1", buildDate: MAY - DAY }],
  });
  const vendor = await openRepository({
    directory: join(directory, "vendor"),
    name: "vendor",
    packages: [...base("2.39-1.1", MAY - 2 * DAY), { name: "app", version: "1.0-1", buildDate: MAY - 2 * DAY }],
  });
  const kept = opening.move();
  const built = (name: string, version: string, buildDate = MAY) =>
    installed(name, version, { buildDate, architecture: "any" });
  return {
    keyId: signer.fingerprint.slice(-16),
    atlas: {
      databases: [databaseOf(moved)],
      packages: [built("base", "3-1"), built("glibc", "2.40-1", MAY + 3 * DAY), built("app", "2.0-1", MAY + 2 * DAY)],
    },
    borealis: {
      databases: [databaseOf(old), databaseOf(multilib)],
      packages: [
        built("base", "3-1"),
        built("glibc", "2.39-1"),
        built("app", "1.0-1"),
        built("gone", "1.0-1"),
        built("lib32-glibc", "2.39-1", MAY - DAY),
        built("yay", "12-1"),
      ],
    },
    zephyr: {
      databases: [databaseOf(vendor)],
      packages: [built("base", "3-1"), built("glibc", "2.39-1.1", MAY - 2 * DAY)],
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function databaseOf({ name, directory }: Repository): SyncDatabase {
  const bytes = readFileSync(join(directory, `${name}.db`));
  return { repository: name, bytes, sha256: sha256(bytes) };
}
