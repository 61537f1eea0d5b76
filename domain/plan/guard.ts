// Packages that no plan may remove: without them the machine cannot boot, repair itself or be managed. An addition here
// is cheap; a removal must say why in docs/decisions.

/** Never removed, on no machine. */
export const GUARDED_PACKAGES: readonly string[] = [
  "base",
  "bash",
  "filesystem",
  "glibc",
  "pacman",
  "pacpool",
  "systemd",
];

export interface GuardInput {
  /** pacman.conf's HoldPkg, which conflicts and --ask bypass. */
  readonly holdPackages: readonly string[];
  /** The package that owns the running kernel's modules; undefined in a container. */
  readonly kernelPackage: string | undefined;
  /** What pacpool runs on, when that is a package, for example nodejs. */
  readonly runtimePackages: readonly string[];
}

export function makeGuard(input: GuardInput): ReadonlySet<string> {
  const guard = new Set([...GUARDED_PACKAGES, ...input.holdPackages, ...input.runtimePackages]);
  if (input.kernelPackage !== undefined) guard.add(input.kernelPackage);
  return guard;
}

/** The names of a removal list that the guard forbids. */
export function findGuarded(removed: readonly string[], guard: ReadonlySet<string>): readonly string[] {
  return removed.filter((name) => guard.has(name));
}
