import { stripVTControlCharacters } from "node:util";
import { render } from "ink-testing-library";
import { describe, expect, it } from "vitest";
import type { WatchEvent } from "../../rpc/codec/watch.ts";
import { eventually } from "../../test/support/eventually.ts";
import { anEndpoint, aPool, NOW_MS } from "../../test/support/tui-data.ts";
import { App } from "../app.tsx";
import { createSelect } from "../store/select.ts";
import { initialState, type Link } from "../store/state.ts";
import { createStore } from "../store/store.ts";
import { createTheme } from "../theme.ts";

const items = [
  { kind: "pool", pool: aPool() },
  { kind: "endpoint", endpoint: anEndpoint("atlas") },
  { kind: "endpoint", endpoint: anEndpoint("borealis", { status: "degraded" }) },
] as const;
const told: readonly WatchEvent[] = [
  ...items.map((item): WatchEvent => ({ kind: "snapshot-item", poolId: "p-studio", item })),
  { kind: "snapshot-end", poolId: "p-studio", revision: 1n, incarnation: "one" },
];

/** When the line breaks: what was heard last is older. */
const LATER_MS = NOW_MS + 30_000;

const LIVE: Link = { kind: "live" };
const LOST: Link = {
  kind: "lost",
  sinceMs: NOW_MS,
  retryAtMs: LATER_MS + 4_000,
  because: "the server cannot be reached",
};

function openPool(hasColour: boolean) {
  const store = createStore(initialState({ address: "server:7117", nowMs: NOW_MS }));
  store.dispatch({ kind: "watched", events: told, nowMs: NOW_MS });
  store.dispatch({ kind: "link-changed", link: LIVE, nowMs: LATER_MS });
  store.dispatch({ kind: "opened", route: { kind: "pool", poolId: "p-studio" } });
  const { lastFrame } = render(
    <App store={store} select={createSelect()} theme={createTheme(hasColour)} perform={() => undefined} />,
  );
  const shows = (wanted: string): Promise<string> =>
    eventually(`the header says ${wanted}`, () => {
      const frame = lastFrame() ?? "";
      return stripVTControlCharacters(frame).includes(wanted) ? frame : undefined;
    });
  const link = (to: Link, nowMs: number): Promise<string> => {
    store.dispatch({ kind: "link-changed", link: to, nowMs });
    return shows(to.kind === "live" ? "● live" : "server gone");
  };
  return { link, store, shows };
}

const rowsOf = (frame: string): readonly string[] =>
  stripVTControlCharacters(frame).replaceAll(/[┆│]/gu, "|").replaceAll(/[┄─]/gu, "-").split("\n").slice(1, -1);

describe("what is not live any more", () => {
  it("keeps every row in its place, is drawn in broken lines, and says how old it is", async () => {
    const { link } = openPool(false);
    const live = await link(LIVE, LATER_MS);
    const lost = await link(LOST, LATER_MS);
    expect(stripVTControlCharacters(lost)).toMatch(/○ server gone data under a minute old, again in 4 s/u);
    expect(lost).toContain("┄┄┄");
    expect(live).not.toContain("┄");
    expect(rowsOf(lost)).toEqual(rowsOf(live));
    expect(await link(LIVE, LATER_MS)).toBe(live);
  });

  it("has no colour that says how things are, but for where the person is", async () => {
    const { link } = openPool(true);
    const alarm = "\u001b[1;31m! degraded";
    expect(await link(LIVE, LATER_MS)).toContain("degraded");
    const codes = (frame: string): ReadonlySet<string> =>
      new Set(
        frame
          .split("\n")
          .slice(2, -1)
          .flatMap((line) => line.split("\u001b[").slice(1))
          .map((part) => part.slice(0, part.indexOf("m"))),
      );
    expect(codes(await link(LIVE, LATER_MS))).toContain("31");
    const lost = await link(LOST, LATER_MS);
    expect(codes(lost)).not.toContain("31");
    expect(lost).not.toContain(alarm);
  });

  it("is a server that is connected and says nothing for too long, until it is heard again", async () => {
    const { link, store, shows } = openPool(false);
    expect(await link(LIVE, NOW_MS + 31_000)).not.toContain("┄");
    store.dispatch({ kind: "ticked", nowMs: NOW_MS + 180_000 });
    expect(await shows("○ no word data 3 min old")).toContain("┄┄┄");
    const events = [{ kind: "bookmark", poolId: "p-studio", revision: 1n }] as const;
    store.dispatch({ kind: "watched", events, nowMs: NOW_MS + 181_000 });
    expect(await shows("● live")).not.toContain("┄");
  });
});
