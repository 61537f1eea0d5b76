// One sentence per difference, for people: how it differs, and on whose word. Versions stand beside it wherever it is shown.
import { unreachable } from "../unreachable.ts";
import type { DriftCause, DriftItem } from "./drift.ts";

export function explainDrift(item: DriftItem): string {
  const sentence = explainKind(item);
  return item.note === undefined || item.cause === "kept" ? sentence : `${sentence}; ${item.note}`;
}

function explainKind(item: DriftItem): string {
  switch (item.kind) {
    case "older":
    case "newer":
      return `${item.kind} than ${voice(item.cause)}`;
    case "rebuilt":
      return `another build than ${voice(item.cause)}`;
    case "missing":
      return item.cause === "shared"
        ? "not installed, and shared by the whole pool"
        : "not installed, but the target's source has it";
    case "extra":
      return "installed here, but not on the target's source";
    case "reason":
      return item.cause === "explicit-at-source"
        ? "installed as a dependency here, explicitly on the target's source"
        : "installed explicitly here, as a dependency on the target's source";
    case "replaced":
      return `the target's repositories replace it by ${item.replacer ?? "another package"}`;
    case "held":
    case "foreign":
    case "unavailable":
      return explainLeftAlone(item);
    default:
      return unreachable(item.kind);
  }
}

/** Why a plan does not touch a package that differs. */
export function explainLeftAlone(item: DriftItem): string {
  if (item.cause === "kept" && item.note !== undefined) return item.note;
  if (item.kind === "held") {
    if (item.wanted === undefined || item.wanted === item.installed) return "held on this endpoint or in its pool";
    return `held at ${item.installed ?? "nothing"}; the target has ${item.wanted}`;
  }
  if (item.kind === "foreign" && item.cause === "rule") return "a rule makes it foreign; its owner looks after it";
  if (item.kind === "foreign") return "in no repository of this endpoint; its owner looks after it";
  if (item.cause === "source-only") return "the target's source has it from no repository, so nobody else can get it";
  return "the target's repositories do not have it";
}

function voice(cause: DriftCause): string {
  switch (cause) {
    case "pin":
      return "the version that the target pins";
    case "source":
      return "what the target's source has";
    default:
      return "what the target's repositories have";
  }
}
