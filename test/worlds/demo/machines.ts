// The machines of the demo world: what each has and where it stands in time.
import type { PackageRecipe } from "../../support/package-archive.ts";
import { foreignPackages } from "./packages.ts";

/** How a demo machine came to be: installed at `born`, fully upgraded at `upgraded`, then changed by hand. */
export interface DemoMachine {
  readonly name: string;
  readonly pool: "studio" | "kiosks";
  readonly born: 1 | 2;
  /** The moment of its last full upgrade; the same as `born` when it never had one. */
  readonly upgraded: 1 | 2;
  readonly installed: readonly string[];
  /** Explicit ones; the rest came as dependencies. */
  readonly explicit: readonly string[];
  readonly foreign: readonly PackageRecipe[];
  /** Taken alone from a later moment by hand: the machine is then both older and newer. */
  readonly newer?: readonly string[];
  readonly settings?: readonly string[];
  /** In one line, for the reader of the demo. */
  readonly story: string;
}

const [yay, vpn] = foreignPackages;
const desktop = [
  "base",
  "linux",
  "linux-firmware",
  "sway",
  "waybar",
  "foot",
  "firefox",
  "mpv",
  "neovim",
  "git",
  "pipewire",
];

export const machines: readonly DemoMachine[] = [
  {
    name: "atlas",
    pool: "studio",
    born: 1,
    upgraded: 2,
    installed: [...desktop, "openssh", "ripgrep", "vim", "wireplumber", "ghostty"],
    explicit: [...desktop, "openssh", "ripgrep", "vim", "wireplumber", "ghostty"],
    foreign: yay === undefined ? [] : [yay],
    story: "the machine whose state becomes the target",
  },
  {
    name: "borealis",
    pool: "studio",
    born: 1,
    upgraded: 1,
    installed: [
      ...desktop,
      "pipewire-media-session",
      "gcc",
      "make",
      "labwc",
      "python",
      "python-requests",
      "nginx",
      "cronie",
    ],
    explicit: [...desktop, "pipewire-media-session", "gcc", "make", "labwc", "python-requests", "nginx", "cronie"],
    foreign: vpn === undefined ? [] : [vpn],
    story: "a month behind, with packages of its own that must move along",
  },
  {
    name: "cassini",
    pool: "studio",
    born: 1,
    upgraded: 1,
    installed: [...desktop, "gvim", "chromium", "noto-fonts"],
    explicit: [...desktop, "gvim", "chromium", "noto-fonts", "x264"],
    foreign: [],
    newer: ["firefox", "neovim"],
    settings: ["IgnorePkg = noto-fonts"],
    story: "behind, but with two packages from the future and one held",
  },
  {
    name: "kiosk-1",
    pool: "kiosks",
    born: 2,
    upgraded: 2,
    installed: ["base", "linux", "sway", "firefox"],
    explicit: ["base", "linux", "sway", "firefox"],
    foreign: [],
    story: "the model of the kiosks",
  },
  {
    name: "kiosk-2",
    pool: "kiosks",
    born: 1,
    upgraded: 1,
    installed: ["base", "linux", "sway", "firefox", "mpv", "vim"],
    explicit: ["base", "linux", "sway", "firefox", "mpv", "vim", "dbus"],
    foreign: [],
    story: "older, with extras and a wrong install reason",
  },
];
