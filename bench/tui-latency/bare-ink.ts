// The floor: Ink with the rows of the TUI's list of endpoints, padded by hand, and nothing around them. Each visible row is
// one text with its styles in it, changes reach the screen four times a second. Argument: changes per second.
import { setInterval as every } from "node:timers/promises";
import { Box, render, Text, useInput, useWindowSize } from "ink";
import { createElement, type ReactNode, useEffect, useState } from "react";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import { STATUS_GLYPHS } from "../../tui/theme.ts";
import { ENDPOINTS, endpointAt, keepChanging, touchedBy } from "./fleet.ts";

const FLUSH_MS = 250;
const STATUS_STYLES = [32, 33, 36, 35, 34, 31, 90];

const ending = new AbortController();
let changes = 0;
const endpoints = Array.from({ length: ENDPOINTS }, (_, index) => endpointAt(index, 0));

function List(): ReactNode {
  const { columns, rows: height } = useWindowSize();
  const [{ selected, top }, setPlace] = useState({ selected: 0, top: 0 });
  const [nowMs, setNowMs] = useState(0);
  useEffect(() => {
    const ended = new AbortController();
    void (async () => {
      let drawn = 0;
      for await (const _ of every(FLUSH_MS, undefined, { signal: ended.signal })) {
        if (drawn === changes) continue;
        drawn = changes;
        setNowMs(Date.now());
      }
    })().catch(() => undefined);
    return () => ended.abort();
  }, []);
  useInput((input) => {
    if (input === "q") ending.abort();
    setPlace((place) => {
      const by = input === "j" ? 1 : input === "k" ? -1 : 0;
      const next = Math.max(0, Math.min(ENDPOINTS - 1, place.selected + by));
      return { selected: next, top: Math.max(Math.min(place.top, next), next - height + 1) };
    });
  });
  const rows = endpoints
    .slice(top, top + height)
    .map((endpoint, offset) =>
      createElement(
        Text,
        { key: offset, wrap: "truncate" },
        rowOf(endpoint, columns, nowMs, top + offset === selected),
      ),
    );
  return createElement(Box, { flexDirection: "column", width: columns, height }, ...rows);
}

function rowOf(
  { name, status, counts, isOnline, lastSeenMs, appliedRevision }: EndpointView,
  columns: number,
  nowMs: number,
  isSelected: boolean,
): string {
  const differs = `${String(counts.older)} older, ${String(counts.newer)} newer`;
  const seen = isOnline ? "● online" : `○ asleep ${String(Math.max(0, Math.floor((nowMs - lastSeenMs) / 60_000)))} min`;
  const cells = [
    `${isSelected ? "› " : "  "}${name.padEnd(columns - 72)}`,
    `${STATUS_GLYPHS[status]} ${status}`.padEnd(18),
    differs.padEnd(24),
    seen.padEnd(16),
    String(appliedRevision).padStart(4),
  ] as const;
  if (isSelected) return `\u001b[1;97;44m${cells.join("  ")}\u001b[0m`;
  const style = STATUS_STYLES[status.length % STATUS_STYLES.length] ?? 0;
  const [first, second, third, fourth, fifth] = cells;
  return `${first}  \u001b[${String(style)}m${second}\u001b[0m  ${third}  ${fourth}  \u001b[90m${fifth}\u001b[0m`;
}

void keepChanging(Number(process.argv[2] ?? "0"), ending.signal, (update) => {
  const index = touchedBy(update);
  endpoints[index] = endpointAt(index, update);
  changes += 1;
});
const instance = render(createElement(List), {
  alternateScreen: true,
  incrementalRendering: true,
  interactive: true,
  maxFps: 60,
});
ending.signal.addEventListener("abort", () => instance.unmount());
await instance.waitUntilExit();
