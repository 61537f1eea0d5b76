// What a plan's kernels mean for modules that are not their own: DKMS builds them again, prebuilt ones must move along.
// Knows packages by name only.
import type { PlanStep } from "./plan.ts";
import { isKernel } from "./warnings.ts";

export interface DriverInput {
  readonly steps: readonly PlanStep[];
  /** Names that are installed afterwards. */
  readonly after: ReadonlySet<string>;
}

/** Modules that Arch builds for one kernel each, by the kernel. */
const PREBUILT: Readonly<Record<string, readonly string[]>> = {
  linux: [
    "acpi_call",
    "bbswitch",
    "broadcom-wl",
    "nvidia",
    "nvidia-open",
    "r8168",
    "tp_smapi",
    "vhba-module",
    "virtualbox-host-modules-arch",
  ],
  "linux-lts": [
    "acpi_call-lts",
    "bbswitch-lts",
    "nvidia-lts",
    "nvidia-open-lts",
    "r8168-lts",
    "tp_smapi-lts",
    "virtualbox-host-modules-lts",
  ],
};
/** Manjaro (linux612-nvidia), CachyOS (linux-cachyos-zfs), archzfs (zfs-linux). */
const PREBUILT_SUFFIXES = ["nvidia", "nvidia-open", "zfs", "r8125", "rtl8723bu", "virtualbox-host-modules"];
const GRAPHICS = /^nvidia(?:-(?:open|lts|open-lts|utils|dkms|open-dkms|\d+xx-(?:utils|dkms)))?$/;

export function driverWarnings({ steps, after }: DriverInput): readonly string[] {
  const kernels = steps.filter(({ name, action }) => isKernel(name) && action !== "remove");
  const changed = new Set(steps.map(({ name }) => name));
  return [
    ...dkmsWarnings(kernels, after),
    ...kernels.flatMap((kernel) =>
      prebuiltFor(kernel.name)
        .filter((name) => after.has(name) && !changed.has(name))
        .map(
          (name) =>
            `${name} stays as it is while ${kernel.name} becomes ${kernel.toVersion}: its modules are of the old kernel`,
        ),
    ),
    ...graphicsWarnings(steps),
  ];
}

function dkmsWarnings(kernels: readonly PlanStep[], after: ReadonlySet<string>): readonly string[] {
  const modules = [...after].filter((name) => name.endsWith("-dkms")).toSorted();
  if (modules.length === 0) return [];
  return kernels.map(({ name, toVersion }) =>
    after.has(`${name}-headers`)
      ? `DKMS builds ${modules.join(", ")} for ${name} ${toVersion}: see that it succeeded before the reboot`
      : `${name}-headers is not installed, so DKMS cannot build ${modules.join(", ")} for ${name} ${toVersion}`,
  );
}

function prebuiltFor(kernel: string): readonly string[] {
  const suffixed = PREBUILT_SUFFIXES.map((suffix) => `${kernel}-${suffix}`);
  return [...(PREBUILT[kernel] ?? []), ...suffixed, `zfs-${kernel}`];
}

function graphicsWarnings(steps: readonly PlanStep[]): readonly string[] {
  const names = steps.filter(({ name, action }) => GRAPHICS.test(name) && action !== "install").map(({ name }) => name);
  if (names.length === 0) return [];
  return [`the graphics driver changes (${names.join(", ")}): what starts before the reboot may not find it`];
}
