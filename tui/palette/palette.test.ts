import { describe, expect, it } from "vitest";
import { anEndpoint, aPool, NOW_MS } from "../../test/support/tui-data.ts";
import { BINDINGS } from "../keys/bindings.ts";
import { createSelect } from "../store/select.ts";
import { type Situation, situationOf } from "../store/situation.ts";
import { initialState, type Route, type State } from "../store/state.ts";
import { paletteEntries } from "./palette.ts";

function situation(route?: Route, count = 3): Situation {
  const base = initialState({ address: "server:7117", endpointName: "atlas", nowMs: NOW_MS });
  const names = ["atlas", "borealis", "cassini"];
  const endpoints = Array.from({ length: count }, (_, index) =>
    anEndpoint(names[index] ?? `host-${String(index).padStart(5, "0")}`, { status: "behind" }),
  );
  const pool = aPool();
  const state: State = {
    ...base,
    link: { kind: "live" },
    fleet: {
      ...base.fleet,
      heardAtMs: NOW_MS,
      pools: new Map([[pool.id, pool]]),
      endpoints: new Map(endpoints.map((one) => [one.id, one])),
    },
    routes: route === undefined ? [] : [route],
  };
  return situationOf(state, createSelect());
}

const texts = (text: string, at = situation()): readonly string[] => paletteEntries(text, at).map((one) => one.text);

describe("the palette", () => {
  it("has every verb of the key table, and nothing that the table has not", () => {
    const offered = new Set(paletteEntries("", situation()).map(({ binding }) => binding.action));
    const verbs = BINDINGS.filter(({ group, action }) => group !== "move" && action !== "palette");
    expect([...offered].toSorted()).toEqual([...new Set(verbs.map(({ action }) => action))].toSorted());
  });

  it("puts what is typed whole first, then what begins with it, then what has it within", () => {
    expect(texts("plan")[0]).toBe("plan");
    expect(texts("sync").slice(0, 2)).toEqual(["sync", "sync-pool"]);
    expect(texts("q")[0]).toBe("quit");
    expect(texts("write")[0]).toBe("export");
  });

  it("puts what can be done before what cannot", () => {
    const because = paletteEntries("", situation()).map((entry) => entry.because);
    const firstNot = because.findIndex((one) => one !== undefined);
    expect(firstNot).toBeGreaterThan(0);
    expect(because.slice(firstNot)).not.toContain(undefined);
  });

  it("offers names after a verb that wants one, and takes any text where that is good", () => {
    expect(texts("endpoint ")).toEqual(["endpoint atlas", "endpoint borealis", "endpoint cassini"]);
    expect(texts("endpoint ss")).toEqual(["endpoint cassini"]);
    expect(texts("pool stu")).toEqual(["pool studio"]);
    expect(texts("export here.json")[0]).toBe("export here.json");
    expect(texts("sort s")).toEqual(["sort status", "sort differs", "sort presence"]);
  });

  it("says where something can be done that cannot be done here", () => {
    const [entry] = paletteEntries("repair", situation());
    expect(entry?.because).toMatch(/^this is for .*operation/u);
    expect(paletteEntries("plan now", situation())[0]?.because).toBe("plan stands alone");
  });

  it("stays bounded with ten thousand endpoints", () => {
    const entries = paletteEntries("host", situation(undefined, 10_000));
    expect(entries.length).toBeLessThanOrEqual(100);
    expect(entries[0]?.text).toBe("endpoint host-00003");
  });

  it("gives every name one meaning", () => {
    const owners = new Map<string, Set<string>>();
    for (const { action, aliases = [] } of BINDINGS) {
      for (const name of [action, ...aliases]) owners.set(name, (owners.get(name) ?? new Set()).add(action));
    }
    expect([...owners].filter(([, actions]) => actions.size > 1)).toEqual([]);
  });
});
