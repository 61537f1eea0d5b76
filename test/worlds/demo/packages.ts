// The packages of the demo world: one small distribution at three moments. Each is a valid package with a file or two,
// chosen so that every kind of change happens: sonames that move together, a replaced package, an epoch, a conflict,
// a rebuild, backup files, scriptlets, groups.
import { defaultBuildDate, type PackageRecipe } from "../../support/package-archive.ts";

/** Days between the moments, so that build dates tell them apart. */
const MOMENT_DAYS = 30;
const DAY_S = 86_400;

type Moment = 1 | 2 | 3;

/** A package through time: the versions at moments 1, 2 and 3; undefined where it does not exist. */
interface History extends Omit<PackageRecipe, "version" | "depends" | "buildDate"> {
  readonly versions: readonly [string | undefined, string | undefined, string | undefined];
  readonly depends?: (moment: Moment) => readonly string[];
}

const program = (name: string): Pick<PackageRecipe, "files"> => ({
  files: { [`usr/bin/${name}`]: { text: `#!/bin/sh\necho ${name}\n`, mode: 0o755 } },
});

/** What a library provides at each moment: pacman matches libNAME.so=N-64 by exact version. */
const soname = (library: string, numbers: readonly [number, number, number]) => (moment: Moment) =>
  `${library}.so=${String(numbers[moment - 1])}-64`;

const wlroots = soname("libwlroots", [12, 13, 13]);
const codec = soname("libx264", [163, 164, 164]);

interface Provider {
  readonly name: string;
  readonly provides: (moment: Moment) => readonly string[];
}

const providers: readonly Provider[] = [
  { name: "wlroots", provides: (moment) => [wlroots(moment)] },
  { name: "x264", provides: (moment) => [codec(moment)] },
];

const core: readonly History[] = [
  {
    name: "filesystem",
    versions: ["2025.04-1", "2025.05-1", "2025.05-1"],
    files: { "etc/os-release": "NAME=Demo\n", "etc/issue": "Demo\n" },
    backup: ["etc/issue"],
  },
  {
    name: "glibc",
    versions: ["2.40-1", "2.41-2", "2.41-2"],
    depends: () => ["filesystem"],
    files: { "usr/share/glibc/version": "glibc\n" },
  },
  {
    name: "bash",
    versions: ["5.2.037-1", "5.2.037-2", "5.2.037-2"],
    depends: () => ["glibc", "readline"],
    files: { "etc/bash.bashrc": "# bash\n" },
    backup: ["etc/bash.bashrc"],
  },
  { name: "readline", versions: ["8.2.013-1", "8.2.013-2", "8.2.013-2"], depends: () => ["glibc"] },
  { name: "coreutils", versions: ["9.6-2", "9.7-1", "9.7-1"], depends: () => ["glibc", "openssl"] },
  { name: "openssl", versions: ["3.4.1-1", "3.5.0-1", "3.5.0-1"], depends: () => ["glibc"] },
  { name: "zlib", versions: ["1:1.3.1-1", "1:1.3.1-2", "1:1.3.1-2"], depends: () => ["glibc"] },
  {
    name: "curl",
    versions: ["8.12.1-1", "8.13.0-2", "8.14.0-1"],
    depends: () => ["openssl", "zlib"],
    ...program("curl"),
  },
  {
    name: "pacman",
    versions: ["7.0.0.r6-1", "7.0.0.r7-1", "7.0.0.r7-1"],
    depends: () => ["bash", "curl"],
    ...program("pacman-demo"),
  },
  { name: "systemd", versions: ["257.4-1", "257.5-3", "257.6-1"], depends: () => ["glibc", "dbus"] },
  { name: "dbus", versions: ["1.16.0-1", "1.16.2-1", "1.16.2-1"], depends: () => ["glibc"] },
  {
    name: "linux",
    versions: ["6.13.8.arch1-1", "6.14.5.arch1-1", "6.15.1.arch1-1"],
    depends: () => ["coreutils"],
    files: { "usr/lib/modules/demo/vmlinuz": "kernel\n" },
  },
  { name: "linux-firmware", versions: ["20250311-1", "20250508-2", "20250508-2"] },
  {
    name: "base",
    versions: ["3-2", "3-2", "3-2"],
    depends: () => ["filesystem", "glibc", "bash", "coreutils", "pacman", "systemd"],
  },
  { name: "gcc", versions: ["14.2.1-1", "15.1.1-2", "15.1.1-2"], depends: () => ["glibc"], groups: ["demo-devel"] },
  { name: "make", versions: ["4.4.1-2", "4.4.1-2", "4.4.1-2"], depends: () => ["glibc"], groups: ["demo-devel"] },
  {
    name: "openssh",
    versions: ["9.9p2-1", "10.0p1-3", "10.0p1-3"],
    depends: () => ["openssl"],
    files: { "etc/ssh/sshd_config": "Port 22\n" },
    backup: ["etc/ssh/sshd_config"],
  },
];

const extra: readonly History[] = [
  {
    name: "wlroots",
    versions: ["0.17.4-1", "0.18.2-1", "0.18.2-1"],
    depends: () => ["glibc"],
    files: { "usr/lib/libwlroots.so": "wlroots\n" },
  },
  {
    name: "sway",
    versions: ["1:1.9-5", "1:1.10.1-1", "1:1.10.1-1"],
    depends: (moment) => [wlroots(moment)],
    ...program("sway"),
  },
  {
    name: "labwc",
    versions: ["0.7.4-1", "0.8.3-1", "0.8.3-1"],
    depends: (moment) => [wlroots(moment)],
    ...program("labwc"),
  },
  {
    name: "waybar",
    versions: ["0.11.0-3", "0.12.0-2", "0.12.0-2"],
    depends: () => ["glibc", "dbus"],
    ...program("waybar-demo"),
  },
  { name: "foot", versions: ["1.20.2-1", "1.22.3-1", "1.22.3-1"], depends: () => ["glibc"], ...program("foot") },
  { name: "x264", versions: ["3:0.163.r3081-1", "3:0.164.r3108-2", "3:0.164.r3108-2"], depends: () => ["glibc"] },
  {
    name: "ffmpeg",
    versions: ["2:7.0.2-1", "2:7.1.1-3", "2:7.1.1-3"],
    depends: (moment) => [codec(moment), "zlib"],
    ...program("ffmpeg"),
  },
  { name: "mpv", versions: ["1:0.39.0-3", "1:0.40.0-2", "1:0.40.0-4"], depends: () => ["ffmpeg"], ...program("mpv") },
  {
    name: "firefox",
    versions: ["136.0.2-1", "138.0.1-1", "139.0.1-1"],
    depends: () => ["dbus", "ffmpeg"],
    ...program("firefox"),
  },
  { name: "neovim", versions: ["0.10.4-2", "0.11.1-1", "0.11.2-1"], depends: () => ["glibc"], ...program("nvim") },
  {
    name: "git",
    versions: ["2.48.1-2", "2.49.0-2", "2.49.0-2"],
    depends: () => ["curl", "openssl"],
    ...program("git"),
  },
  { name: "ripgrep", versions: ["14.1.1-1", "14.1.1-1", "14.1.1-1"], depends: () => ["glibc"], ...program("rg") },
  {
    name: "python",
    versions: ["3.12.9-1", "3.13.3-1", "3.13.3-1"],
    depends: () => ["openssl", "zlib"],
    ...program("python"),
  },
  {
    name: "python-requests",
    versions: ["2.32.3-4", "2.32.3-5", "2.32.3-5"],
    depends: (moment) => [moment === 1 ? "python<3.13" : "python>=3.13"],
  },
  {
    name: "nginx",
    versions: ["1.26.3-1", "1.28.0-1", "1.28.0-1"],
    depends: () => ["openssl"],
    files: { "etc/nginx/nginx.conf": "worker_processes 1;\n" },
    backup: ["etc/nginx/nginx.conf"],
  },
  { name: "pipewire", versions: ["1:1.2.7-1", "1:1.4.2-1", "1:1.4.4-1"], depends: () => ["dbus"] },
  { name: "pipewire-media-session", versions: ["1:0.4.2-5", undefined, undefined], depends: () => ["pipewire"] },
  {
    name: "wireplumber",
    versions: [undefined, "0.5.8-1", "0.5.8-1"],
    depends: () => ["pipewire"],
    replaces: ["pipewire-media-session"],
    conflicts: ["pipewire-media-session"],
  },
  {
    name: "vim",
    versions: ["9.1.1128-1", "9.1.1385-1", "9.1.1385-1"],
    depends: () => ["glibc"],
    conflicts: ["gvim"],
    ...program("vim"),
  },
  {
    name: "gvim",
    versions: ["9.1.1128-1", "9.1.1385-1", "9.1.1385-1"],
    depends: () => ["glibc"],
    provides: ["vim=9.1.1385"],
    conflicts: ["vim"],
    ...program("gvim"),
  },
  {
    name: "cronie",
    versions: ["1.7.2-1", "1.7.2-2", "1.7.2-2"],
    depends: () => ["glibc"],
    provides: ["cron"],
    install: "post_upgrade() {\n  echo 'cronie: restart the service to use the new version'\n}\n",
  },
  { name: "noto-fonts", versions: ["1:2025.03.01-1", "1:2025.05.01-1", "1:2025.05.01-1"] },
  {
    name: "chromium",
    versions: ["134.0.6998.88-1", "136.0.7103.92-1", "137.0.7151.55-1"],
    depends: () => ["dbus"],
    ...program("chromium"),
  },
  { name: "ghostty", versions: [undefined, "1.1.3-1", "1.1.3-1"], depends: () => ["glibc"], ...program("ghostty") },
];

/** What the demo's machines build themselves; in no repository. */
export const foreignPackages: readonly PackageRecipe[] = [
  { name: "yay-bin", version: "12.5.0-1", depends: ["git"], ...program("yay") },
  { name: "company-vpn", version: "3.2-1", depends: ["openssl"], ...program("company-vpn") },
];

/** The core repository at a moment. */
export function coreAt(moment: Moment): readonly PackageRecipe[] {
  return at(core, moment);
}

/** The extra repository at a moment. */
export function extraAt(moment: Moment): readonly PackageRecipe[] {
  return at(extra, moment);
}

function at(histories: readonly History[], moment: Moment): readonly PackageRecipe[] {
  return histories.flatMap((history) => {
    const { versions, depends, ...fixed } = history;
    const version = versions[moment - 1];
    if (version === undefined) return [];
    const provided = providers.find(({ name }) => name === history.name)?.provides(moment) ?? [];
    return [
      {
        ...fixed,
        version,
        architecture: "x86_64",
        depends: depends?.(moment) ?? [],
        provides: [...(fixed.provides ?? []), ...provided],
        // A version that stays keeps its build: only what was built anew has a new date.
        buildDate: defaultBuildDate + versions.indexOf(version) * MOMENT_DAYS * DAY_S,
      },
    ];
  });
}
