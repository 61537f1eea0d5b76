// What must be right before anything changes, on mounts and files that are really so.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planRun, startDetached, survivorsOf, waitForRun } from "../../agent/pacman/process.ts";
import { shelterFor } from "../../agent/pacman/shelter.ts";
import { executeMounted } from "./failures/mounted.ts";
import { expectExact, openScene, unchanged } from "./failures/scene.ts";

const kernel = {
  before: { linux: { files: { "usr/lib/modules/6.1/vmlinuz": "one\n" } } },
  after: { linux: { version: "2-1", files: { "usr/lib/modules/6.2/vmlinuz": "two\n" } } },
};

test("a kernel is not written beside a /boot that fstab wants and nobody mounted", async () => {
  await using scene = await openScene(kernel);
  writeFileSync(join(scene.root.rootDir, "etc/fstab"), "UUID=1 / ext4 rw 0 1\nUUID=2 /boot vfat rw 0 2\n");
  const plan = await scene.plan();
  const refused = await unchanged(scene.root, () => executeMounted(scene, plan, { before: "true" }));
  expect(refused.state).toBe("refused");
  expect(refused.problems.join("\n")).toContain("/boot is in fstab and not mounted");
  const mounted = 'mkdir -p "$root/boot"; mount -t tmpfs -o size=64m none "$root/boot"';
  expect(await executeMounted(scene, plan, { before: mounted })).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a /boot without room for another kernel stops a new kernel, and nothing else", async () => {
  await using scene = await openScene(kernel);
  const plan = await scene.plan();
  const full = [
    'mkdir -p "$root/boot"',
    'mount -t tmpfs -o size=16m none "$root/boot"',
    'head -c 9000000 /dev/zero >"$root/boot/vmlinuz-linux"',
  ].join("; ");
  const refused = await unchanged(scene.root, () => executeMounted(scene, plan, { before: full }));
  expect(refused.problems.join("\n")).toMatch(/the new kernel needs \d+ MiB on the file system of .*boot/);
  expect((await scene.endpoint.execute(plan)).state).toBe("succeeded");
});

test("a part of the root that is mounted read-only is named", async () => {
  await using scene = await openScene();
  mkdirSync(join(scene.root.rootDir, "opt"), { recursive: true });
  const plan = await scene.plan();
  const before = 'mount --bind "$root/opt" "$root/opt"; mount -o remount,bind,ro "$root/opt"';
  const refused = await unchanged(scene.root, () => executeMounted(scene, plan, { before }));
  expect(refused).toMatchObject({ state: "refused" });
  expect(refused.problems.join("\n")).toMatch(/\/opt is mounted read-only/);
});

test("a clock that is behind a package's own date is named before a signature is", async () => {
  const inAWeek = Math.floor(Date.now() / 1_000) + 7 * 24 * 3_600;
  await using scene = await openScene({ after: { tool: { version: "2-1", buildDate: inAWeek } } });
  const plan = await scene.plan();
  const refused = await unchanged(scene.root, () => scene.endpoint.execute(plan));
  expect(refused.state).toBe("refused");
  expect(refused.problems.join("\n")).toMatch(/the clock says .* and tool 2-1 was built on/);
});

test("a /usr of its own without room is named before pacman counts its files", async () => {
  await using scene = await openScene({
    after: { tool: { version: "2-1", files: { "usr/share/tool/data": "x".repeat(3_000_000) } } },
  });
  const plan = await scene.plan();
  const before = [
    'cp -a "$root/usr" "$spare/usr"',
    'mount -t tmpfs -o size=$(($(du -sk "$root/usr" | cut -f1) + 1024))k none "$root/usr"',
    'cp -a "$spare/usr/." "$root/usr/"',
  ].join("; ");
  const refused = await unchanged(scene.root, () => executeMounted(scene, plan, { before }));
  expect(refused.state).toBe("refused");
  expect(refused.problems.join("\n")).toMatch(/the transaction needs \d+ MiB on the file system of .*\/usr,/);
});

test("pacman itself runs in a scope and under an inhibitor, and its end is found from outside", async () => {
  await using scene = await openScene();
  const { folder, root } = scene;
  const said = join(folder, "said");
  for (const name of ["systemd-run", "systemd-inhibit"]) {
    const script = `#!/bin/sh\nwhile [ "\${1#--}" != "$1" ]; do shift; done\necho ${name} >>"${said}"\n"$@"\n`;
    writeFileSync(join(folder, name), script, { mode: 0o755 });
  }
  const options = { rootDir: "/", operationId: "o-1", systemdDir: folder, folder };
  const run = planRun(join(folder, "run"));
  const command = ["pacman", "--config", root.configFile, "-Syu", "--noconfirm", "--noprogressbar"];
  await startDetached(run, [...(await shelterFor(options)), ...command]);
  expect(await waitForRun(run)).toEqual({ kind: "exited", code: 0 });
  expect(survivorsOf(run)).toEqual([]);
  // Each was tried with a command of no effect before.
  expect(readFileSync(said, "utf8").trim().split("\n")).toEqual([
    "systemd-run",
    "systemd-inhibit",
    "systemd-run",
    "systemd-inhibit",
  ]);
  expect(await root.query()).toEqual(scene.wanted);
});

/** A pacman that only runs with the machine's own libalpm, as on a real system. */
const OWN_PACMAN = [
  "real=$(command -v pacman)",
  'mkdir -p "$spare/bin"',
  `printf '#!/bin/sh\\ngrep -q good "%s/usr/lib/libalpm.so" || { echo "libalpm.so: file too short" >&2; exit 127; }\\nexec %s "$@"\\n' "$root" "$real" >"$spare/bin/pacman"`,
  'chmod 755 "$spare/bin/pacman"',
  'export PATH="$spare/bin:$PATH"',
].join("; ");

test("a transaction that breaks pacman itself is told as that, with the way back", async () => {
  await using scene = await openScene({
    before: { pacman: { files: { "usr/lib/libalpm.so": "good\n" } } },
    after: { pacman: { version: "7-1", files: { "usr/lib/libalpm.so": "" } } },
  });
  const plan = await scene.plan();
  const outcome = await executeMounted(scene, plan, { before: OWN_PACMAN });
  expect(outcome.state).toBe("degraded");
  expect(outcome.problems.join("\n")).toMatch(
    /pacman itself does not run after the transaction \(libalpm.so: file too short/,
  );
  expect(outcome.problems.join("\n")).toContain("revert --root");
});

test("a pacman-conf that does not run any more is as bad: the agent could not read the machine", async () => {
  await using scene = await openScene({ after: { tool: { version: "2-1", files: { "usr/share/tool/broken": "" } } } });
  const before = [
    "real=$(command -v pacman-conf)",
    'mkdir -p "$spare/bin"',
    `printf '#!/bin/sh\\n[ ! -e "%s/usr/share/tool/broken" ] || { echo "libalpm.so: no version" >&2; exit 127; }\\nexec %s "$@"\\n' "$root" "$real" >"$spare/bin/pacman-conf"`,
    'chmod 755 "$spare/bin/pacman-conf"',
    'export PATH="$spare/bin:$PATH"',
  ].join("; ");
  const outcome = await executeMounted(scene, await scene.plan(), { before });
  expect(outcome.state).toBe("degraded");
  expect(outcome.problems[0]).toMatch(/pacman itself does not run after the transaction \(libalpm.so: no version/);
});

test("a transaction that replaces a pacman that goes on running is proven as every other", async () => {
  await using scene = await openScene({
    before: { pacman: { files: { "usr/lib/libalpm.so": "good\n" } } },
    after: { pacman: { version: "7-1", files: { "usr/lib/libalpm.so": "good as new\n" } } },
  });
  const outcome = await executeMounted(scene, await scene.plan(), { before: OWN_PACMAN });
  expect(outcome).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});
