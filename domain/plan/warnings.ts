// What a person should know before approving a plan: reboots, boot loaders, packages that cannot be fetched again.
import type { PlanStep } from "./plan.ts";

/** A kernel image itself, not its headers, documentation or firmware. Manjaro counts (linux612), CachyOS and others suffix. */
const KERNEL = /^linux(?:[0-9]+(?:-rt)?|-(?:lts|zen|hardened|rt|rt-lts|mainline|cachyos(?:-[a-z0-9]+)*?))?$/;
const KERNEL_COMPANION = /-(?:headers|docs|zfs|nvidia(?:-open)?|dbg)$/;
const MICROCODE = /^(?:amd|intel)-ucode$/;
const NEEDS_REBOOT: ReadonlySet<string> = new Set([
  "glibc",
  "systemd",
  "systemd-libs",
  "dbus",
  "dbus-broker",
  "linux-firmware",
]);
const BOOT_LOADERS: ReadonlySet<string> = new Set(["grub", "refind", "limine", "syslinux", "efibootmgr"]);

export function isKernel(name: string): boolean {
  return KERNEL.test(name) && !KERNEL_COMPANION.test(name);
}

/** Whether what runs of this package keeps its old version until the machine restarts. Kernels are told by their modules. */
export function needsReboot(name: string): boolean {
  return MICROCODE.test(name) || NEEDS_REBOOT.has(name);
}

/** Whether a change of this package writes what the machine boots from. */
export function touchesBoot(name: string): boolean {
  return isKernel(name) || MICROCODE.test(name) || BOOT_LOADERS.has(name);
}

/** Why a machine must be restarted after these steps; empty when it need not be. */
export function rebootCauses(steps: readonly PlanStep[]): readonly string[] {
  const changed = steps.filter((one) => one.action !== "remove" && one.action !== "install");
  return changed.filter(({ name }) => isKernel(name) || needsReboot(name)).map((one) => one.name);
}

/** A configuration file of a package that its owner has changed. */
export interface EditedFile {
  readonly name: string;
  /** With a leading slash. */
  readonly path: string;
}

export interface WarningsInput {
  readonly steps: readonly PlanStep[];
  /** Of the endpoint before the plan. */
  readonly foreign: ReadonlySet<string>;
  /** The package that owns the running kernel's modules. */
  readonly kernelPackage: string | undefined;
  /** Files that systemd's own boot loader starts from are there. */
  readonly hasSystemdBoot?: boolean;
  /** Of packages that the plan changes or removes; ascending by path. */
  readonly edited?: readonly EditedFile[];
}

/** Paths in one warning; the rest is counted. */
const TOLD_PATHS = 10;

export function computeWarnings(input: WarningsInput): readonly string[] {
  const warnings: string[] = [];
  const causes = rebootCauses(input.steps);
  if (causes.length > 0) warnings.push(`a reboot is needed afterwards: ${causes.join(", ")}`);
  const kernel = input.steps.find((one) => one.name === input.kernelPackage && one.fromVersion !== "");
  if (kernel !== undefined) {
    warnings.push(
      `${kernel.name} is the running kernel: modules that are not loaded yet cannot be loaded until the reboot`,
    );
  }
  const isLoader = (name: string): boolean =>
    BOOT_LOADERS.has(name) || (name === "systemd" && input.hasSystemdBoot === true);
  const loaders = input.steps.filter((one) => isLoader(one.name) && one.action !== "remove").map((one) => one.name);
  if (loaders.length > 0)
    warnings.push(`the boot loader changes (${loaders.join(", ")}); it may have to be installed to the disk again`);
  const menu = input.steps.filter(
    ({ name, action }) => isKernel(name) && (action === "install" || action === "remove"),
  );
  for (const { name, action } of menu) {
    const moves = action === "install" ? "comes" : "goes";
    warnings.push(`kernel ${name} ${moves}: the boot loader's menu may have to be written again`);
  }
  warnings.push(...editedWarnings(input));
  for (const one of input.steps) {
    if (one.action === "remove" && input.foreign.has(one.name)) {
      warnings.push(`${one.name} is in no repository: once removed, only its own maker can bring it back`);
    }
  }
  const keyrings = input.steps.filter((one) => one.name.endsWith("-keyring") && one.action === "downgrade");
  for (const one of keyrings) warnings.push(`${one.name} is downgraded, which takes signing keys away`);
  return warnings;
}

function editedWarnings({ steps, edited = [] }: WarningsInput): readonly string[] {
  const removed = new Set(steps.filter(({ action }) => action === "remove").map(({ name }) => name));
  const going = edited.filter(({ name }) => removed.has(name));
  const staying = edited.filter(({ name }) => !removed.has(name));
  return [
    ...(staying.length === 0
      ? []
      : [
          `edited configuration stays as it is; where its package has a new one, that comes as .pacnew: ${pathsOf(staying)}`,
        ]),
    ...(going.length === 0 ? [] : [`edited configuration of removed packages becomes .pacsave: ${pathsOf(going)}`]),
  ];
}

function pathsOf(files: readonly EditedFile[]): string {
  const rest = files.length - TOLD_PATHS;
  const told = files.slice(0, TOLD_PATHS).map(({ path }) => path);
  return `${told.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
