// Whether what is shown may be taken for how things are. A line that is open and says nothing is not trusted for long: a
// network that is gone, or a machine that slept, tells nobody.
import type { State } from "./state.ts";

/** The server says something every 15 s at least; two times without a word is a silence. ms */
const SILENT_AFTER_MS = 32_000;

/** Connected as far as we know, and yet nothing was heard for too long. */
export function isSilent({ link, fleet, nowMs }: State): boolean {
  return link.kind === "live" && fleet.heardAtMs > 0 && nowMs - fleet.heardAtMs > SILENT_AFTER_MS;
}

export function isStale(state: State): boolean {
  return state.link.kind !== "live" || isSilent(state);
}
