// Whether a source may become a target, and with which pins: what is installed must be what its repositories have, or a
// person's explicit choice. Pure.
import { computeDrift } from "../../../domain/drift/compute-drift.ts";
import type { DriftItem } from "../../../domain/drift/drift.ts";
import { MAX_LISTED_NAMES } from "../../../domain/limits.ts";
import { findInstalled, type PackageSet } from "../../../domain/package-set/package-set.ts";
import { invalidField, Refusal, tooLarge } from "../../../domain/refusal.ts";
import type { ViewIndex } from "../../../domain/view/view-index.ts";

export interface Source {
  readonly name: string;
  readonly installed: PackageSet;
  readonly view: ViewIndex;
  /** Their versions are the source's own affair and are not imposed on others. */
  readonly held: ReadonlySet<string>;
}

const PARTIAL: ReadonlySet<string> = new Set(["older", "newer", "rebuilt", "replaced"]);

/** How many packages the refusal names. */
const MAX_NAMED = 20;

/**
 * Installed versions by name, of what was asked for and differs. Refuses SOURCE_PARTIALLY_UPGRADED when more differs, and
 * INVALID_FIELD for a pin of something that others cannot have.
 */
export function choosePins(source: Source, requested: readonly string[], pinAll: boolean): ReadonlyMap<string, string> {
  const { items } = computeDrift({
    installed: source.installed,
    ownView: source.view,
    targetView: source.view,
    targetSet: undefined,
    target: { mode: "versions", pins: new Map(), shared: [] },
    held: source.held,
  });
  const pins = new Map<string, string>();
  for (const name of requested) {
    const version = pinnable(source, name, items);
    if (version !== source.view.packages.get(name)?.version || items.some((item) => isPartial(item, name))) {
      pins.set(name, version);
    }
  }
  const differing = items.filter((item) => PARTIAL.has(item.kind) && !pins.has(item.name));
  if (differing.length > 0 && !pinAll) {
    const details = describe(differing);
    throw new Refusal("SOURCE_PARTIALLY_UPGRADED", { endpoint: source.name, details, count: String(differing.length) });
  }
  for (const { name, installed } of differing) if (installed !== undefined) pins.set(name, installed);
  if (pins.size > MAX_LISTED_NAMES) throw tooLarge("pins", MAX_LISTED_NAMES);
  return new Map([...pins].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isPartial(item: DriftItem, name: string): boolean {
  return item.name === name && PARTIAL.has(item.kind);
}

function pinnable(source: Source, name: string, items: readonly DriftItem[]): string {
  const installed = findInstalled(source.installed, name);
  if (installed === undefined) throw invalidField("pins", name, `packages that are installed on ${source.name}`);
  if (items.some((item) => item.name === name && item.kind === "foreign")) {
    throw invalidField("pins", name, `packages from the repositories of ${source.name}`);
  }
  return installed.version;
}

function describe(items: readonly DriftItem[]): string {
  const lines = items.slice(0, MAX_NAMED).map((item) => {
    const installed = `${item.name} ${item.installed ?? ""}`;
    if (item.kind === "replaced") return `${installed} (replaced by ${item.replacer ?? "another package"})`;
    if (item.installed === item.wanted) return `${installed} (another build)`;
    return `${installed} (its view has ${item.wanted ?? "none"})`;
  });
  if (items.length > MAX_NAMED) lines.push(`and ${String(items.length - MAX_NAMED)} more`);
  return lines.join(", ");
}
