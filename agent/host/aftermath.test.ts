import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findConfigurationFiles } from "./configuration-files.ts";
import { findRebootCauses } from "./reboot-causes.ts";
import { findStaleServices } from "./stale-services.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "aftermath-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function place(path: string, text = ""): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe("findConfigurationFiles", () => {
  it("finds .pacnew and .pacsave at any depth, with a digest of what is in them", () => {
    place("etc/pacman.conf", "mine");
    place("etc/pacman.conf.pacnew", "theirs");
    place("etc/ssh/deep/sshd_config.pacsave", "old");
    place("etc/ssh/deep/sshd_config.pacsave.1", "older");
    place("etc/not-a.pacnew.txt");
    const found = findConfigurationFiles(root, 10);
    expect(found.map(({ subject }) => subject)).toEqual([
      "/etc/pacman.conf.pacnew",
      "/etc/ssh/deep/sshd_config.pacsave",
      "/etc/ssh/deep/sshd_config.pacsave.1",
    ]);
    expect(new Set(found.map(({ digest }) => digest)).size).toBe(3);
    expect(found[0]?.what).toContain("merge it");
  });

  it("says that one which equals the file beside it can go", () => {
    place("etc/issue", "same");
    place("etc/issue.pacnew", "same");
    expect(findConfigurationFiles(root, 10)[0]?.what).toBe("equals /etc/issue: delete it");
  });

  it("has nothing to say of a root without /etc, and stops at its limit", () => {
    expect(findConfigurationFiles(root, 10)).toEqual([]);
    for (const name of ["a", "b", "c"]) place(`etc/${name}.pacnew`, name);
    expect(findConfigurationFiles(root, 2)).toHaveLength(2);
  });
});

describe("findStaleServices", () => {
  it("names a process whose program was replaced, and nobody once it has ended", async () => {
    const program = join(root, "usr/bin/long-runner");
    mkdirSync(dirname(program), { recursive: true });
    copyFileSync("/bin/sleep", program);
    const running = spawn(program, ["60"], { stdio: "ignore" });
    const ended = new Promise((resolve) => running.once("exit", resolve));
    try {
      await new Promise((resolve) => running.once("spawn", resolve));
      expect(findStaleServices(root, 10)).toEqual([]);
      rmSync(program);
      const [found] = findStaleServices(root, 10);
      expect(found?.what).toContain("still runs with the old /usr/bin/long-runner");
    } finally {
      running.kill("SIGKILL");
      await ended;
    }
    expect(findStaleServices(root, 10)).toEqual([]);
  });

  it("names a unit once, however many of its processes are old", () => {
    const old = `7f0000000000-7f0000001000 r-xp 00000000 08:01 42 ${root}/usr/lib/libssl.so.3 (deleted)\n`;
    for (const pid of ["10", "11"]) {
      place(`proc/${pid}/maps`, old);
      place(`proc/${pid}/cgroup`, "0::/system.slice/sshd.service\n");
    }
    place("proc/12/maps", `7f0000000000-7f0000001000 rw-p 00000000 00:01 42 ${root}/usr/lib/data (deleted)\n`);
    place("proc/13/maps", "7f0000000000-7f0000001000 r-xp 00000000 00:01 42 /memfd:jit (deleted)\n");
    expect(findStaleServices(root, 10, join(root, "proc"))).toEqual([
      {
        kind: "service",
        subject: "sshd.service",
        what: "still runs with the old /usr/lib/libssl.so.3: systemctl restart sshd.service",
        digest: "",
      },
    ]);
  });
});

describe("findRebootCauses", () => {
  const boot = { atSeconds: 1_000, release: "6.12.1-arch1-1" };

  it("asks for a restart once the running kernel's modules are gone", () => {
    place("usr/lib/modules/6.12.1-arch1-1/pkgbase", "linux");
    expect(findRebootCauses(root, boot, new Map())).toEqual([]);
    rmSync(join(root, "usr/lib/modules/6.12.1-arch1-1"), { recursive: true });
    place("usr/lib/modules/6.12.2-arch1-1/pkgbase", "linux");
    expect(findRebootCauses(root, boot, new Map())).toMatchObject([
      { kind: "reboot", subject: "kernel 6.12.1-arch1-1" },
    ]);
  });

  it("asks for one when what runs since the boot was replaced later", () => {
    const times = new Map([
      ["glibc", 2_000],
      ["systemd", 500],
      ["bash", 3_000],
    ]);
    expect(findRebootCauses(root, boot, times).map(({ subject }) => subject)).toEqual(["glibc"]);
  });

  it("asks nothing of a container or of another root than the running system's", () => {
    expect(findRebootCauses(root, undefined, new Map([["glibc", 2_000]]))).toEqual([]);
  });
});
