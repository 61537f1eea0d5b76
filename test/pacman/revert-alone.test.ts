// The way back without agent, server and network: the machine's own planner and executor in the process of who asks, on
// this machine's root and on a system that is mounted below a folder.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aimAlone } from "../../agent/alone/aim-alone.ts";
import { placesOf } from "../../agent/alone/mounted-parts.ts";
import { newOperationId, openAlone } from "../../agent/alone/open-alone.ts";
import { openInstanceLock } from "../../agent/instance-lock.ts";
import type { ExecutionHooks } from "../../agent/machine.ts";
import { readMoments } from "../../agent/moments.ts";
import type { OperationResult } from "../../agent/orders/order-book.ts";
import { openOrderBook } from "../../agent/orders/order-book-file.ts";
import { planOf } from "../support/endpoint.ts";
import { BEFORE, openSyncedMachine } from "../support/synced-machine.ts";

const quiet: ExecutionHooks = {
  cancelled: new AbortController().signal,
  stopped: new AbortController().signal,
  progress: () => undefined,
};
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-alone-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `pacpool revert` does when nobody else is there. */
async function revert(flags: Parameters<typeof aimAlone>[0], mounted?: string): Promise<OperationResult | undefined> {
  await using machine = await openAlone(await aimAlone(flags, mounted));
  await machine.recover(quiet);
  const question = { revert: true, revertOperationId: undefined };
  const plan = planOf(await machine.plan(question, new AbortController().signal));
  return machine.run(plan, newOperationId(), quiet);
}

test("a machine returns to its whole set from before with empty caches, no repository and no server", async () => {
  await using synced = await openSyncedMachine();
  const { root, endpoint } = synced;
  const { stateDir } = endpoint;
  const result = await revert({ stateDir, pacmanConfig: root.configFile });
  expect(result).toMatchObject({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(BEFORE);
  expect(await root.explicit()).toEqual(["base", "old"]);
  expect(await root.complaints()).toEqual([]);
  expect(root.read("boot/vmlinuz-linux")).toBe("kernel 1-1\n");
  expect(readdirSync(join(root.rootDir, "usr/lib/modules"))).toEqual(["1-1"]);
  // The agent's next start tells the server: the result waits with its plan.
  const { results, last } = (await openOrderBook(stateDir)).current();
  expect(results).toEqual([expect.objectContaining({ operationId: result?.operationId, fence: 1 })]);
  expect(results[0]?.plan).toMatchObject({ isRevert: true, endpointId: "endpoint" });
  expect(last?.state).toBe("succeeded");
});

test("while an agent lives nobody else works on its machine", async () => {
  await using synced = await openSyncedMachine();
  const { stateDir } = synced.endpoint;
  await using _agent = await openInstanceLock(stateDir);
  await expect(revert({ stateDir, pacmanConfig: synced.root.configFile })).rejects.toThrow("another agent");
});

test("the moments that a machine can return to say what they need and whether it is there", async () => {
  await using synced = await openSyncedMachine();
  const { root, endpoint } = synced;
  const { config } = await aimAlone({ stateDir: endpoint.stateDir, pacmanConfig: root.configFile }, undefined);
  const [moment, ...others] = await readMoments(config);
  expect(others).toEqual([]);
  expect(moment).toMatchObject({ packages: 4, changes: 5, missingFiles: [], isNext: true, targetRevision: 1 });
  expect(Math.abs((moment?.atMs ?? 0) - Date.now())).toBeLessThan(60_000);
  const kept = join(endpoint.stateDir, "packages");
  rmSync(join(kept, "old-1-1-any.pkg.tar.zst"));
  expect((await readMoments(config))[0]?.missingFiles).toEqual(["old 1-1"]);
});

test("a system that is mounted below a folder is reverted inside that folder", async () => {
  await using synced = await openSyncedMachine();
  const { root, endpoint } = synced;
  const { rootDir } = root;
  // The system names its places as it will find them once it is booted.
  const conf = join(rootDir, "etc/pacman.conf");
  mkdirSync(join(rootDir, "etc/pacman.d"), { recursive: true });
  writeFileSync(join(rootDir, "etc/pacman.d/mirrorlist"), "Server = file:///srv/core\n");
  const options = ["Architecture = x86_64", "SigLevel = Never", "CacheDir = /var/cache/pacman/pkg/"];
  const lists = ["[core]", "Include = /etc/pacman.d/mirror*", ""];
  writeFileSync(conf, ["[options]", ...options, ...lists].join("\n"));
  mkdirSync(join(rootDir, "var/lib"), { recursive: true });
  renameSync(endpoint.stateDir, join(rootDir, "var/lib/pacpool"));
  const result = await revert({}, rootDir);
  expect(result).toMatchObject({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(BEFORE);
  expect(await root.complaints()).toEqual([]);
  expect(root.read("usr/lib/lib")).toBe("one\n");
  const text = readFileSync(join(rootDir, "var/lib/pacpool/mounted.conf"), "utf8");
  for (const [, path] of text.matchAll(/^(?:RootDir|DBPath|CacheDir|LogFile|GPGDir|HookDir) = (.+)$/gm)) {
    expect(path?.startsWith(rootDir)).toBe(true);
  }
  expect(text).toContain(`Server = file://${rootDir}/srv/core`);
});

test("half a system is not reverted: a kernel must not land below the real /boot", async () => {
  await using synced = await openSyncedMachine();
  const { rootDir } = synced.root;
  const lines = [
    "UUID=1 / ext4 rw 0 1",
    "UUID=2 /boot vfat noauto,x-systemd.automount 0 2",
    "UUID=3 /home ext4 rw 0 2",
  ];
  writeFileSync(join(rootDir, "etc/fstab"), lines.join("\n"));
  await expect(aimAlone({}, rootDir)).rejects.toThrow("/boot of the system below");
  expect(placesOf("# a comment\nUUID=4 none swap sw 0 0\nUUID=5 /var/lib btrfs rw 0 0\n")).toEqual(["/var/lib"]);
  expect(placesOf("UUID=6 /efi vfat noauto 0 0\ntmpfs /var/tmp tmpfs rw 0 0\n")).toEqual([]);
});

test("a folder without a system, and the running system itself, are refused as --root", async () => {
  await expect(aimAlone({}, folder)).rejects.toThrow("no agent of pacpool has worked on");
  await expect(aimAlone({}, join(folder, "nothing"))).rejects.toThrow("is not a folder");
  await expect(aimAlone({}, "/")).rejects.toThrow("leave it out for this one");
});
