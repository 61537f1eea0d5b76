// How fresh what is shown is, in one short line: live, or since when the server is gone and when it is tried again.
import { formatAge } from "../../domain/status-line/age.ts";
import { isSilent } from "../store/freshness.ts";
import type { State } from "../store/state.ts";
import type { Line } from "../theme.ts";

export function linkLine(state: State): Line {
  const { link, address, nowMs, fleet } = state;
  switch (link.kind) {
    case "unset":
      return [{ text: "○ no server", tone: "muted" }];
    case "connecting":
      return [{ text: `· connecting to ${address}`, tone: "muted" }];
    case "live":
      if (isSilent(state)) {
        return [
          { text: "○ no word ", tone: "danger" },
          { text: `data ${formatAge(fleet.heardAtMs, nowMs)} old, ${address}`, tone: "notice" },
        ];
      }
      return [
        { text: "● live ", tone: "good" },
        { text: address, tone: "muted" },
      ];
    case "refused":
      return [
        { text: "■ not let in ", tone: "danger" },
        { text: address, tone: "muted" },
      ];
    case "lost": {
      const wait = Math.max(0, Math.ceil((link.retryAtMs - nowMs) / 1_000));
      const retry = wait === 0 ? "trying again" : `again in ${wait} s`;
      const age = fleet.heardAtMs === 0 ? "" : `data ${formatAge(fleet.heardAtMs, nowMs)} old, `;
      return [
        { text: "○ server gone ", tone: "danger" },
        { text: `${age}${retry}`, tone: "notice" },
      ];
    }
  }
}
