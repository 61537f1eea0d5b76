import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anEndpoint, anOperation, aPlan, aPool, aTarget, driftLine, NOW_MS } from "../../test/support/tui-data.ts";
import { BINDINGS } from "../keys/bindings.ts";
import { paletteEntries } from "../palette/palette.ts";
import { footerKeys } from "../screens/footer-keys.ts";
import { paste, press } from "./act.ts";
import { point } from "./point.ts";
import { reduce } from "./reduce.ts";
import { createSelect } from "./select.ts";
import { situationOf } from "./situation.ts";
import { initialState, type Load, type LoadedValue, type State } from "./state.ts";

const STATUSES = ["behind", "in-sync", "diverged", "degraded", "pending-approval"] as const;

function world(): State {
  const base = initialState({ address: "server:7117", endpointName: "host-1", nowMs: NOW_MS, columns: 80, rows: 24 });
  const pools = ["studio", "kiosks"].map((name) => aPool(name));
  const endpoints = Array.from({ length: 30 }, (_, index) =>
    anEndpoint(`host-${index}`, {
      status: STATUSES[index % STATUSES.length] ?? "behind",
      ...(index % 3 === 0 ? { poolId: "p-kiosks", pool: "kiosks" } : {}),
      ...(index % 7 === 0 ? { operationId: "op-1" } : {}),
    }),
  );
  const load = (value: LoadedValue): Load => ({ key: "", isLoading: false, problem: undefined, value });
  const loads = endpoints.flatMap(({ id }): readonly (readonly [string, Load])[] => [
    [`drift ${id}`, load({ kind: "drift", targetRevision: 4, items: [driftLine("vim"), driftLine("git")] })],
    [`plan ${id}`, load({ kind: "plan", plan: aPlan({ endpointId: id }) })],
  ]);
  const targets = [aTarget(), aTarget({ revision: 3 })];
  return {
    ...base,
    link: { kind: "live" },
    fleet: {
      ...base.fleet,
      heardAtMs: NOW_MS,
      pools: new Map(pools.map((one) => [one.id, one])),
      endpoints: new Map(endpoints.map((one) => [one.id, one])),
      operations: new Map([["op-1", anOperation("op-1", { endpointId: "e-host-0" })]]),
    },
    loads: new Map([...loads, ["history p-studio", load({ kind: "history", targets })]]),
  };
}

const WORDS = [":endpoint host-2", ":sort status", ":pools", "/status:behind,d", ":analysis", ":package vim", ":diff"];
const keys = [...new Set(BINDINGS.flatMap((binding) => binding.keys))].filter((key) => key !== "ctrl-c");
const aKey = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...keys, "enter", "tab", "backtab", "escape").map((key) => [key]) },
  { weight: 1, arbitrary: fc.constantFrom(...WORDS).map((word) => [...Array.from(word), "enter"]) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }).map((text) => Array.from(text)) },
);
const aMove = fc.oneof(
  { weight: 8, arbitrary: aKey.map((pressed) => ({ kind: "keys", pressed }) as const) },
  { weight: 1, arbitrary: fc.nat(40).map((index) => ({ kind: "click", index }) as const) },
  { weight: 1, arbitrary: fc.string().map((text) => ({ kind: "paste", text }) as const) },
);

describe("whatever is pressed, clicked and pasted", () => {
  it("the screens stay in order, and nothing is done without a question", () => {
    fc.assert(
      fc.property(fc.array(aMove, { maxLength: 60 }), (moves) => {
        const select = createSelect();
        let state = world();
        const take = (answer: (situation: ReturnType<typeof situationOf>) => ReturnType<typeof press>): void => {
          const before = state;
          const { events, effects } = answer(situationOf(state, select));
          for (const event of events) state = reduce(state, event);
          const asked = before.dialog?.kind;
          for (const effect of effects) {
            if (effect.kind === "deed") expect(["confirm", "typed", "message", "rule"]).toContain(asked);
          }
          // What is under way ends at once here, so that deeds follow each other.
          if (state.doing !== undefined) state = reduce(state, { kind: "doing-changed", doing: undefined });
        };
        for (const move of moves) {
          if (move.kind === "keys") for (const key of move.pressed) take((situation) => press(key, situation));
          else if (move.kind === "paste") take((situation) => paste(move.text, situation));
          else take((situation) => point({ kind: "row", index: move.index }, situation));
          const situation = situationOf(state, select);
          const { ids, position } = situation;
          expect(ids.length === 0 ? "" : ids[position.index]).toBe(position.id);
          expect(state.routes.length).toBeLessThanOrEqual(16);
          expect(state.trail.length).toBeLessThanOrEqual(32);
          footerKeys(situation);
          situation.table();
          if (state.dialog?.kind === "palette") paletteEntries(state.dialog.field.text, situation);
        }
      }),
      { numRuns: 400 },
    );
  });
});
