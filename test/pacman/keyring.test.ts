// A target signed by keys that only its own keyring package brings: that one goes first, in a transaction of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEndpoint, planOf, targetFrom } from "../support/endpoint.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot } from "../support/pacman-root.ts";
import { openRepository } from "../support/repository.ts";
import { openSigner, type Signer } from "../support/signer.ts";

/** A package that owns the machine's keyring itself; real ones import their keys in a scriptlet. */
async function keyringPackage(version: string, folder: string, signers: readonly Signer[]): Promise<PackageRecipe> {
  const keyring = join(folder, `keyring-${version}`);
  for (const signer of signers) await signer.fillKeyring(keyring);
  const file = (name: string) => [`etc/pacman.d/gnupg/${name}`, readFileSync(join(keyring, name))] as const;
  return {
    name: "test-keyring",
    version,
    files: Object.fromEntries([file("pubring.gpg"), file("trustdb.gpg")]),
  };
}

test("a keyring package of the plan is installed first when the rest is signed by its keys", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "pacpool-keyring-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const old = stack.use(await openSigner());
  const fresh = stack.use(await openSigner());
  const base = { name: "base", version: "1-1" };
  const repository = await openRepository({
    directory: join(folder, "core"),
    name: "core",
    signer: old,
    packages: [base, await keyringPackage("1-1", folder, [old]), { name: "app", version: "1-1" }],
  });
  const root = stack.use(await openPacmanRoot({ repositories: [repository], installed: ["base", "app"], signer: old }));
  await root.pacman("-S", "--noconfirm", "test-keyring");
  const outside = join(root.directory, "gnupg/");
  const configuration = readFileSync(root.configFile, "utf8");
  writeFileSync(root.configFile, configuration.replace(outside, `${join(root.rootDir, "etc/pacman.d/gnupg")}/`));

  await repository.publish([base, await keyringPackage("2-1", folder, [old, fresh]), { name: "app", version: "2-1" }]);
  await fresh.sign(repository.path("app"));
  await repository.republish();
  const source = stack.use(await openPacmanRoot({ repositories: [repository], installed: ["base"], signer: old }));
  const endpoint = stack.use(openEndpoint(root));
  const plan = planOf(await endpoint.plan(await targetFrom(source, join(folder, "views"))));
  expect(plan.steps.map(({ name }) => name)).toEqual(["app", "test-keyring"]);
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(["app 2-1", "base 1-1", "test-keyring 2-1"]);
  expect(endpoint.progress.map(({ step }) => step)).toContain("keyring");
  // Back again: keys are taken away in the one transaction, and both versions are verified before it.
  expect(await endpoint.execute(planOf(await endpoint.planRevert()))).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(["app 1-1", "base 1-1", "test-keyring 1-1"]);
});

test("when the new keyring is installed and the rest is refused all the same, that is said, and a new plan goes on from there", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "pacpool-keyring-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const [old, fresh, stranger] = await Promise.all([openSigner(), openSigner(), openSigner()]);
  for (const signer of [old, fresh, stranger]) stack.use(signer);
  const base = { name: "base", version: "1-1" };
  const packages = [base, await keyringPackage("1-1", folder, [old]), { name: "app", version: "1-1" }];
  const repository = await openRepository({ directory: join(folder, "core"), name: "core", signer: old, packages });
  const root = stack.use(await openPacmanRoot({ repositories: [repository], installed: ["base", "app"], signer: old }));
  await root.pacman("-S", "--noconfirm", "test-keyring");
  const configuration = readFileSync(root.configFile, "utf8");
  const keyring = `${join(root.rootDir, "etc/pacman.d/gnupg")}/`;
  writeFileSync(root.configFile, configuration.replace(join(root.directory, "gnupg/"), keyring));
  await repository.publish([base, await keyringPackage("2-1", folder, [old, fresh]), { name: "app", version: "2-1" }]);
  await stranger.sign(repository.path("app"));
  await repository.republish();
  const source = stack.use(await openPacmanRoot({ repositories: [repository], installed: ["base"], signer: old }));
  const endpoint = stack.use(openEndpoint(root));
  const outcome = await endpoint.sync(await targetFrom(source, join(folder, "views")));
  expect(outcome.state).toBe("failed");
  expect(outcome.problems[0]).toContain("keyring packages were installed");
  expect(await root.query()).toEqual(["app 1-1", "base 1-1", "test-keyring 2-1"]);

  await fresh.sign(repository.path("app"));
  await repository.republish();
  await source.refresh();
  expect(await endpoint.sync(await targetFrom(source, join(folder, "views")))).toMatchObject({ state: "succeeded" });
  expect(await root.query()).toEqual(["app 2-1", "base 1-1", "test-keyring 2-1"]);
});
