// The refusals of planning: each says what is wrong, where was looked, and what to do. Nothing was changed.
import type { PlanStep } from "../../domain/plan/plan.ts";
import type { WishedPackage } from "../../domain/plan/wish.ts";
import type { MissingFile } from "../files/locate-files.ts";
import type { Installation } from "../installation.ts";
import type { PlanRefusal } from "../machine.ts";
import { inspectLock } from "../pacman/lock.ts";

/** Lines of pacman's refusal that mean a dependency, and not a file, a key or a mistake of ours. */
const dependencyWords = /breaks dependency|unable to satisfy dependency|cannot resolve|requires? .* from|in conflict/;

/** What planning cannot work with; undefined when the machine is fit for it. */
export function healthRefusal({ local, own, configuration }: Installation): PlanRefusal | undefined {
  const details = [
    ...local.torn.map(({ entry, why }) => `${entry} in the local database: ${why}`),
    ...own.missing.map((repository) => `repository ${repository} has no database; run pacman -Sy once`),
    ...own.damaged.map(({ repository, why }) => `database ${repository} cannot be read (${why}); run pacman -Syy`),
  ];
  if (details.length > 0) {
    return {
      reason: "UNHEALTHY",
      message: "pacman's databases on this machine are not whole",
      details: details.slice(0, 50),
    };
  }
  const lock = inspectLock(configuration.dbPath);
  if (lock.kind !== "held") return undefined;
  const message = `process ${lock.pid} (${lock.command}) is changing the packages of this machine; ask again when it is done`;
  return { reason: "LOCKED", message, details: [] };
}

/** pacman would not do it: what stands in the way, as far as metadata tells, then pacman's own words. */
export function pacmanRefusal(complaints: readonly string[], blocked: readonly string[]): PlanRefusal {
  if (blocked.length === 0 && !complaints.some((line) => dependencyWords.test(line))) {
    return { reason: "PLAN_REFUSED", message: "pacman refuses the transaction", details: complaints };
  }
  const message =
    blocked.length === 0
      ? "pacman refuses: dependencies would be broken"
      : "the packages that would be installed and those that stay do not fit together";
  return { reason: "CLOSURE_BROKEN", message, details: [...blocked, ...complaints].slice(0, 50) };
}

/** pacman would do something else than wanted; what stands in the way comes first. */
export function differingRefusal({ reason, message, details }: PlanRefusal, blocked: readonly string[]): PlanRefusal {
  // What is guarded may not go, whoever is in whose way.
  if (reason === "GUARDED_PACKAGE") return { reason, message, details };
  return { reason, message, details: [...blocked, ...details].slice(0, 50) };
}

/** Wished versions that no database and no file at hand describes. */
export function unknownRefusal(
  unknown: readonly WishedPackage[],
  lookedFor: ReadonlyMap<string, readonly string[]>,
): PlanRefusal {
  const databases = "in no database of the target, of this machine, or of an earlier operation";
  return filesRefusal(
    unknown.map(({ name, version }) => `${name} ${version}: ${[databases, ...(lookedFor.get(name) ?? [])].join("; ")}`),
  );
}

/** Files of the plan that are nowhere. */
export function missingRefusal(missing: readonly MissingFile[], { configuration }: Installation): PlanRefusal {
  const known = new Set(configuration.repositories.map(({ name }) => name));
  return filesRefusal(
    missing.map(({ item, lookedFor }) => {
      const unconfigured = known.has(item.repository)
        ? []
        : [`repository ${item.repository} is not in ${configuration.file}`];
      return `${item.filename}: ${[...lookedFor, ...unconfigured].join("; ")}`;
    }),
  );
}

/** What a pool that refuses downgrades has against these steps; undefined when there are none. A revert is not asked. */
export function downgradeRefusal(steps: readonly PlanStep[]): PlanRefusal | undefined {
  const down = steps.filter(({ action }) => action === "downgrade");
  if (down.length === 0) return undefined;
  const count = down.length === 1 ? "one package" : `${down.length} packages`;
  return {
    reason: "DOWNGRADE_REFUSED",
    message: `${count} would be downgraded, and the pool refuses downgrades; hold them, resolve them with \`pacpool conflict resolve --take current\`, or allow it with \`pacpool pool edit --downgrade allow\``,
    details: down.map(({ name, fromVersion, toVersion }) => `${name}: ${fromVersion} to ${toVersion}`).slice(0, 50),
  };
}

function filesRefusal(lines: readonly string[]): PlanRefusal {
  const count = lines.length === 1 ? "one package file" : `${lines.length} package files`;
  return {
    reason: "FILES_MISSING",
    message: `${count} cannot be had; nothing was changed`,
    details: lines.slice(0, 50),
  };
}

/** What a person can do where torn packages cannot be installed again from anywhere. */
export function adviseRepair(refusal: PlanRefusal, { configuration }: Installation): PlanRefusal {
  if (refusal.reason !== "FILES_MISSING") return refusal;
  const [cacheDir = "pacman's cache"] = configuration.cacheDirs;
  const advice = `put the package files, with their signatures, into ${cacheDir} and ask for repair again`;
  return { ...refusal, details: [...refusal.details, advice] };
}
