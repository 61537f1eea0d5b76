// The refusals of planning: each says what is wrong, where was looked, and what to do. Nothing was changed.
import type { PlanStep } from "../domain/plan/plan.ts";
import type { Explained, WishedPackage } from "../domain/plan/wish.ts";
import type { MissingFile } from "./files/locate-files.ts";
import type { Installation } from "./installation.ts";
import type { PlanRefusal } from "./machine.ts";
import { inspectLock } from "./pacman/lock.ts";

/** Lines of pacman's refusal that mean a dependency, and not a file, a key or a mistake of ours. */
const dependencyWords = /breaks dependency|unable to satisfy dependency|cannot resolve|requires? .* from|in conflict/;

/** What planning cannot work with; undefined when the machine is fit for it. */
export function healthRefusal({ local, own, configuration }: Installation): PlanRefusal | undefined {
  const details = [
    ...local.torn.map(({ entry, why }) => `${entry} in the local database: ${why}`),
    ...own.missing.map((repository) => `repository ${repository} has no database; run pacman -Sy once`),
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

/** pacman would not do it, in its words and with what stays as it is. */
export function pacmanRefusal(complaints: readonly string[], leftAlone: readonly Explained[]): PlanRefusal {
  if (!complaints.some((line) => dependencyWords.test(line))) {
    return { reason: "PLAN_REFUSED", message: "pacman refuses the transaction", details: complaints };
  }
  const held = leftAlone.map(({ name, why }) => `${name} stays as it is: ${why}`);
  return {
    reason: "CLOSURE_BROKEN",
    message: "pacman refuses: dependencies would be broken, for example those of packages that stay as they are",
    details: [...complaints, ...held].slice(0, 50),
  };
}

/** Wished versions that no database and no file at hand describes. */
export function unknownRefusal(unknown: readonly WishedPackage[], { configuration }: Installation): PlanRefusal {
  const places = [
    "the target's databases",
    "this machine's databases",
    "databases of earlier operations",
    ...configuration.cacheDirs,
  ];
  return filesRefusal(unknown.map(({ name, version }) => `${name} ${version}: looked in ${places.join(", ")}`));
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
