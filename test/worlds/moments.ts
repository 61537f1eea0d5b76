// The packages of the scripted worlds: one repository in two moments, and machines of each.
import type { InstalledPackage } from "../../domain/package-set/package-set.ts";
import { type FakeMachine, installed } from "../support/fake-agent.ts";
import { makeSyncDatabase } from "../support/sync-database.ts";

const MAY = {
  linux: "6.9.3.arch1-1",
  glibc: "2.39+r52-1",
  firefox: "126.0-1",
  ffmpeg: "2:7.0-4",
  gimp: "2.10.38-1",
  pipewire: "1:1.0.7-1",
  "pipewire-media-session": "1:0.4.2-2",
  python: "3.12.3-1",
  sway: "1:1.9-4",
} as const;

type Versions = Readonly<Record<string, string>>;

const APRIL: Versions = {
  ...MAY,
  linux: "6.8.9.arch1-1",
  firefox: "125.0.3-1",
  ffmpeg: "2:6.1.1-7",
  gimp: "2.10.36-5",
};

const database = (versions: Versions) =>
  makeSyncDatabase(
    "extra",
    Object.entries(versions).map(([name, version]) => ({ name, version })),
  );

const MAY_DATABASE = await database(MAY);
const APRIL_DATABASE = await database(APRIL);

function packages(versions: Versions, ...left: readonly string[]): readonly InstalledPackage[] {
  return Object.entries(versions)
    .filter(([name]) => !left.includes(name))
    .map(([name, version]) => installed(name, version));
}

/** Current; what the targets of the scripted worlds are made from. */
export const CURRENT: FakeMachine = { packages: packages(MAY, "pipewire-media-session"), databases: [MAY_DATABASE] };

/** A month behind, with a package of its own and one that is replaced by now. */
export const BEHIND: FakeMachine = {
  packages: [...packages(APRIL), installed("aur-helper", "12.3.5-1")],
  databases: [APRIL_DATABASE],
  facts: { apply: "ask" },
};

/** A month behind, and nothing else. */
export const ASLEEP: FakeMachine = { packages: packages(APRIL, "pipewire-media-session"), databases: [APRIL_DATABASE] };

/** A month behind, with some packages of versions that it took by itself. */
export function wandered(own: Versions, ...left: readonly string[]): FakeMachine {
  const names = ["pipewire-media-session", ...left];
  return { packages: packages({ ...APRIL, ...own }, ...names), databases: [APRIL_DATABASE] };
}

/** Current, and some packages newer still. */
export function ahead(own: Versions): FakeMachine {
  return { packages: packages({ ...MAY, ...own }, "pipewire-media-session"), databases: [MAY_DATABASE] };
}
