// A machine that is to move from one moment of a repository to the next, and a picture of all that must not change when
// something goes wrong on the way.
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "vitest";
import type { DeliveredTarget, Progress } from "../../../agent/machine.ts";
import { inspectLock } from "../../../agent/pacman/lock.ts";
import type { Plan } from "../../../domain/plan/plan.ts";
import { openEndpoint, planOf, type TargetChoice, type TestEndpoint, targetFrom } from "../../support/endpoint.ts";
import type { PackageRecipe } from "../../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot, type PacmanRootOptions } from "../../support/pacman-root.ts";
import { openRepository, type Repository, sha256Of } from "../../support/repository.ts";
import type { Signer } from "../../support/signer.ts";

/** What is edited by hand on every machine of these tests, and must stay so whatever happens. */
const EDITED = "etc/app.conf";
const EDIT = "edited by its owner\n";

const app = (version: string, text: string, more: Partial<PackageRecipe> = {}): PackageRecipe => ({
  name: "app",
  version,
  files: { [EDITED]: `${text}\n`, "usr/share/app/data": `${text}\n` },
  backup: [EDITED],
  ...more,
});
const before: readonly PackageRecipe[] = [
  { name: "base", version: "1-1" },
  { name: "lib", version: "1-1" },
  app("1-1", "one", { depends: ["lib"] }),
  { name: "tool", version: "1-1" },
];
const after: readonly PackageRecipe[] = [
  { name: "base", version: "1-1" },
  { name: "lib", version: "2-1" },
  app("2-1", "two", { depends: ["lib>=2"] }),
  { name: "tool", version: "2-1" },
];

/** What of the second moment's recipes is otherwise, by name; what is new is added. */
export type Changes = Readonly<Record<string, Partial<PackageRecipe>>>;

function changed(recipes: readonly PackageRecipe[], changes: Changes = {}): readonly PackageRecipe[] {
  const known = new Set(recipes.map(({ name }) => name));
  const added = Object.entries(changes).filter(([name]) => !known.has(name));
  return [
    ...recipes.map((recipe) => ({ ...recipe, ...changes[recipe.name] })),
    ...added.map(([name, recipe]) => ({ name, version: "1-1", ...recipe })),
  ];
}

export interface SceneOptions {
  /** Added to the first moment, and installed. */
  readonly before?: Changes;
  readonly after?: Changes;
  readonly root?: Partial<PacmanRootOptions>;
  readonly signer?: Signer;
  readonly choice?: TargetChoice;
  readonly onProgress?: (progress: Progress, scene: PacmanRoot) => void;
  /** After the second moment was published and before anybody reads it. */
  readonly spoil?: (repository: Repository) => Promise<void> | void;
}

export interface Scene extends AsyncDisposable {
  readonly folder: string;
  readonly repository: Repository;
  readonly root: PacmanRoot;
  readonly endpoint: TestEndpoint;
  /** The second moment. */
  readonly target: DeliveredTarget;
  /** `pacman -Q` of the second moment. */
  readonly wanted: readonly string[];
  plan(): Promise<Plan>;
  /** Publishes the second moment as it should be. */
  mend(): Promise<void>;
  /** What the repository has now, as a target. */
  retarget(): Promise<DeliveredTarget>;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "pacpool-failure-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const { signer, onProgress } = options;
  const [first, second] = [changed(before, options.before), changed(after, options.after)];
  const signed = signer === undefined ? {} : { signer };
  const repository = await openRepository({
    directory: join(folder, "core"),
    name: "core",
    packages: first,
    ...signed,
  });
  const installed = first.map(({ name }) => name);
  const common = { repositories: [repository], explicit: ["base", "app"], ...signed };
  const root = stack.use(await openPacmanRoot({ ...common, installed, ...options.root }));
  writeFileSync(join(root.rootDir, EDITED), EDIT);
  await repository.publish(second);
  await options.spoil?.(repository);
  const source = stack.use(await openPacmanRoot({ repositories: [repository], ...signed }));
  const stays = new Set([...installed, ...(options.choice?.shared ?? [])]);
  const wanted = second
    .filter(({ name }) => stays.has(name))
    .map(({ name, version }) => `${name} ${version}`)
    .toSorted();
  const target = await targetFrom(source, join(folder, "views"), options.choice);
  const endpoint = stack.use(openEndpoint(root, (progress) => onProgress?.(progress, root)));
  const owned = stack.move();
  return {
    folder,
    repository,
    root,
    endpoint,
    target,
    wanted,
    plan: async () => planOf(await endpoint.plan(target)),
    mend: () => repository.publish(second),
    retarget: async () => {
      await source.refresh();
      return targetFrom(source, join(folder, "views"), options.choice);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The machine in every respect that an operation could change: packages, reasons, files by content, databases, lock. */
export async function pictureOf(root: PacmanRoot): Promise<unknown> {
  return {
    packages: await root.query(),
    explicit: await root.explicit(),
    files: filesBelow(root.rootDir).filter((line) => !/^(tmp|var\/log|usr\/bin\/(sh|bash|busybox))/.test(line)),
    lock: inspectLock(root.dbPath).kind,
  };
}

/** Path and SHA-256 or link of everything, in order. */
function filesBelow(rootDir: string): readonly string[] {
  return readdirSync(rootDir, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const found = lstatSync(path);
      const name = relative(rootDir, path);
      if (found.isSymbolicLink()) return [`${name} -> ${readlinkSync(path)}`];
      return found.isFile() && found.size < 900_000 && found.mode % 0o1000 !== 0 ? [`${name} ${sha256Of(path)}`] : [];
    })
    .toSorted();
}

/** Runs the act and checks that the machine is as it was. */
export async function unchanged<Result>(root: PacmanRoot, act: () => Promise<Result>): Promise<Result> {
  const old = await pictureOf(root);
  const result = await act();
  expect(await pictureOf(root)).toEqual(old);
  return result;
}

/** The end that every story must come to: exact packages, reasons and files, the owner's edit kept, no lock, no leftovers. */
export async function expectExact({ root, wanted }: Scene): Promise<void> {
  expect(await root.query()).toEqual(wanted);
  expect(await root.explicit()).toEqual(["app", "base"]);
  expect(await root.complaints()).toEqual([]);
  const { code, stderr } = await root.run("-Qkk");
  expect({
    code,
    stderr: stderr.split("\n").filter((line) => !/^warning: (backup file|config file)/.test(line)),
  }).toEqual({
    code: 0,
    stderr: [""],
  });
  expect(root.read(EDITED)).toBe(EDIT);
  expect(root.read(`${EDITED}.pacnew`)).toBe("two\n");
  expect(inspectLock(root.dbPath)).toEqual({ kind: "free" });
  expect(readdirSync(join(root.dbPath, "sync"))).toEqual(["core.db"]);
}

/** The owner's edit is there, whatever else is. */
export function expectEdit(root: PacmanRoot): void {
  expect(root.read(EDITED)).toBe(EDIT);
}
