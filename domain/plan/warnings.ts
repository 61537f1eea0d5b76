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

/** Why a machine must be restarted after these steps; empty when it need not be. */
export function rebootCauses(steps: readonly PlanStep[]): readonly string[] {
  const changed = steps.filter((one) => one.action !== "remove" && one.action !== "install");
  return changed
    .filter(({ name }) => isKernel(name) || MICROCODE.test(name) || NEEDS_REBOOT.has(name))
    .map((one) => one.name);
}

export interface WarningsInput {
  readonly steps: readonly PlanStep[];
  /** Of the endpoint before the plan. */
  readonly foreign: ReadonlySet<string>;
  /** The package that owns the running kernel's modules. */
  readonly kernelPackage: string | undefined;
}

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
  const loaders = input.steps
    .filter((one) => BOOT_LOADERS.has(one.name) && one.action !== "remove")
    .map((one) => one.name);
  if (loaders.length > 0)
    warnings.push(`the boot loader changes (${loaders.join(", ")}); it may have to be installed to the disk again`);
  for (const one of input.steps) {
    if (one.action === "remove" && input.foreign.has(one.name)) {
      warnings.push(`${one.name} is in no repository: once removed, only its own maker can bring it back`);
    }
  }
  const keyrings = input.steps.filter((one) => one.name.endsWith("-keyring") && one.action === "downgrade");
  for (const one of keyrings) warnings.push(`${one.name} is downgraded, which takes signing keys away`);
  return warnings;
}
