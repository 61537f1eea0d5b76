// Installed packages, wire <-> domain. Decoding validates: what a peer sends is checked once, here.

import { type InstalledPackage, makePackageSet, type PackageSet } from "../../domain/package-set/package-set.ts";
import { Refusal } from "../../domain/refusal.ts";
import { InstallReason, type InstalledPackage as WirePackage } from "../../proto/generated/pacpool/v1/package.ts";

export function encodePackage(one: InstalledPackage): WirePackage {
  return {
    name: one.name,
    version: one.version,
    architecture: one.architecture,
    buildDate: BigInt(one.buildDate),
    reason: encodeReason(one.reason),
  };
}

/** Throws Refusal INVALID_FIELD for an install reason that is none; makePackageSet checks the rest. */
export function decodePackage(wire: WirePackage): InstalledPackage {
  return {
    name: wire.name,
    version: wire.version,
    architecture: wire.architecture,
    buildDate: Number(wire.buildDate),
    reason: decodeReason(wire.reason, wire.name),
  };
}

export function encodePackageSet(set: PackageSet): WirePackage[] {
  return set.packages.map(encodePackage);
}

/** Throws Refusal INVALID_FIELD or TOO_LARGE. */
export function decodePackageSet(wire: readonly WirePackage[]): PackageSet {
  return makePackageSet(wire.map(decodePackage));
}

export function encodeReason(reason: InstalledPackage["reason"]): InstallReason {
  return reason === "explicit" ? InstallReason.EXPLICIT : InstallReason.DEPENDENCY;
}

export function decodeReason(wire: InstallReason, name: string): InstalledPackage["reason"] {
  switch (wire) {
    case InstallReason.EXPLICIT:
      return "explicit";
    case InstallReason.DEPENDENCY:
      return "dependency";
    default:
      throw new Refusal("INVALID_FIELD", {
        field: `reason of ${name}`,
        value: String(wire),
        expected: "EXPLICIT or DEPENDENCY",
      });
  }
}
