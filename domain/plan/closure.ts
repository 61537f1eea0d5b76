// Which packages of a view pacman might pull in as dependencies of the wished ones: more than it will, never fewer, so
// that a simulation can be prepared with stubs of exactly these.
import { MAX_CLOSURE_PACKAGES } from "../limits.ts";
import { tooLarge } from "../refusal.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { isSatisfiedBy, type Provider, parseRequirement, type Requirement } from "../view/requirement.ts";
import { findProviders, type ViewIndex } from "../view/view-index.ts";

export interface ClosureInput {
  readonly view: ViewIndex;
  /** What will be asked for, with metadata of exactly that version (a pin's is not the view's). */
  readonly wished: readonly (Provider & { readonly depends: readonly string[] })[];
  /** What stays on the machine as it is, without packages to be removed or changed. */
  readonly staying: readonly Provider[];
}

/**
 * Ascending by name, without the wished ones. Refuses TOO_LARGE. A requirement that nobody satisfies adds nothing:
 * the simulation reports it in pacman's words.
 */
export function computeClosure(input: ClosureInput): readonly SyncPackage[] {
  const byProvision = indexProviders([...input.staying, ...input.wished]);
  const wishedNames = new Set(input.wished.map((one) => one.name));
  const pulled = new Map<string, SyncPackage>();
  const seen = new Set<string>();
  const open: string[] = input.wished.flatMap((one) => one.depends);
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    if (seen.has(text)) continue;
    seen.add(text);
    const requirement = parseRequirement(text);
    if (isSatisfiedByAny(requirement, byProvision)) continue;
    for (const one of findProviders(input.view, requirement)) {
      if (pulled.has(one.name) || wishedNames.has(one.name)) continue;
      if (pulled.size >= MAX_CLOSURE_PACKAGES) throw tooLarge("dependencies of the plan", MAX_CLOSURE_PACKAGES);
      pulled.set(one.name, one);
      open.push(...one.depends);
    }
  }
  return [...pulled.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Providers by every name that they answer to. */
export function indexProviders<P extends Provider>(providers: readonly P[]): ReadonlyMap<string, readonly P[]> {
  const index = new Map<string, P[]>();
  const add = (name: string, one: P): void => {
    const list = index.get(name);
    if (list === undefined) index.set(name, [one]);
    else list.push(one);
  };
  for (const one of providers) {
    add(one.name, one);
    for (const provision of one.provides) {
      const { name } = parseRequirement(provision);
      if (name !== one.name) add(name, one);
    }
  }
  return index;
}

export function isSatisfiedByAny(
  requirement: Requirement,
  providers: ReadonlyMap<string, readonly Provider[]>,
): boolean {
  return (providers.get(requirement.name) ?? []).some((one) => isSatisfiedBy(requirement, one));
}
