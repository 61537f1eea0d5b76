// Dependency specifications such as `glibc>=2.38`, and who satisfies them, by pacman's rules.
import { compareVersions } from "../version/compare.ts";

export type Comparison = "<" | "<=" | "=" | ">=" | ">";

export interface Requirement {
  readonly name: string;
  /** Undefined when any version does. */
  readonly comparison: Comparison | undefined;
  /** Empty when any version does. */
  readonly version: string;
}

/** What a requirement is checked against. `provides` has specifications such as `libfoo.so=1-64` or `sh`. */
export interface Provider {
  readonly name: string;
  readonly version: string;
  readonly provides: readonly string[];
}

const SPECIFICATION = /^([^<>=]*)(?:(<=|>=|<|=|>)(.*))?$/s;

const COMPARISONS: Readonly<Record<string, Comparison>> = { "<": "<", "<=": "<=", "=": "=", ">=": ">=", ">": ">" };

/** Takes `name`, `name>=1.0` and the like; a description after `: ` (as optional dependencies have) is cut off. */
export function parseRequirement(specification: string): Requirement {
  const colon = specification.indexOf(": ");
  const text = colon === -1 ? specification : specification.slice(0, colon);
  const [, name = text, comparison, version] = SPECIFICATION.exec(text) ?? [];
  if (comparison === undefined || version === undefined) return { name, comparison: undefined, version: "" };
  return { name, comparison: COMPARISONS[comparison], version };
}

/** By its own name and version, or by one of its provisions. */
export function isSatisfiedBy(requirement: Requirement, provider: Provider): boolean {
  if (provider.name === requirement.name && isVersionAccepted(requirement, provider.version)) return true;
  return provider.provides.some((provision) => isSatisfiedByProvision(requirement, provision));
}

/** A provision without a version satisfies only requirements without one. */
export function isSatisfiedByProvision(requirement: Requirement, provision: string): boolean {
  // Cheap first: nearly every provision is of another name.
  if (!provision.startsWith(requirement.name)) return false;
  const { name, comparison, version } = parseRequirement(provision);
  if (name !== requirement.name) return false;
  if (requirement.comparison === undefined) return true;
  return comparison === "=" && isVersionAccepted(requirement, version);
}

function isVersionAccepted(requirement: Requirement, version: string): boolean {
  if (requirement.comparison === undefined) return true;
  const order = compareVersions(version, requirement.version);
  switch (requirement.comparison) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "=":
      return order === 0;
    case ">=":
      return order >= 0;
    case ">":
      return order > 0;
  }
}
