// What makes packages of two endpoints interchangeable: the architecture, and the repositories from which `base` and all
// that it needs resolve. Further repositories (multilib, a vendor's extras) do not split a class.
import { parseRequirement } from "./requirement.ts";
import { findProviders, type ViewIndex } from "./view-index.ts";

/** For example `x86_64:core,extra`. Without a package `base` every repository counts, in order. */
export function computeClass(architecture: string, index: ViewIndex): string {
  const base = index.packages.get("base");
  if (base === undefined) return `${architecture}:${index.repositories.join(",")}`;
  const used = new Set([base.repository]);
  const seen = new Set([base.name]);
  const open = [base];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const text of one.depends) {
      // The first provider is pacman's default answer, and the same on every endpoint of the class.
      const provider = findProviders(index, parseRequirement(text))[0];
      if (provider === undefined || seen.has(provider.name)) continue;
      seen.add(provider.name);
      used.add(provider.repository);
      open.push(provider);
    }
  }
  return `${architecture}:${index.repositories.filter((one) => used.has(one)).join(",")}`;
}
