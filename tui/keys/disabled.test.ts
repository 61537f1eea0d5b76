import { describe, expect, it } from "vitest";
import { anEndpoint, anOperation, aPlan, aPool, NOW_MS } from "../../test/support/tui-data.ts";
import { createSelect } from "../store/select.ts";
import { situationOf } from "../store/situation.ts";
import { initialState, type Link, type Load, type Route, type State } from "../store/state.ts";
import type { Action } from "./actions.ts";
import { BINDINGS } from "./bindings.ts";

interface World {
  readonly link?: Link;
  readonly route?: Route;
  readonly endpoint?: Parameters<typeof anEndpoint>[1];
  readonly operation?: Parameters<typeof anOperation>[1];
  readonly plan?: Parameters<typeof aPlan>[0];
  readonly target?: undefined;
  readonly more?: Partial<State>;
}

const PLAN: Route = { kind: "plan", endpointId: "e-borealis", isRevert: false };

/** The reason of a key with one endpoint, borealis, that is behind. */
function reason(action: Action, world: World = {}): string | undefined {
  const endpoint = anEndpoint("borealis", { status: "behind", ...world.endpoint });
  const operation = world.operation === undefined ? [] : [anOperation("op", world.operation)];
  const pool = "target" in world ? aPool("studio", { target: world.target }) : aPool();
  const base = initialState({ address: "server:7117", endpointName: "atlas", nowMs: NOW_MS });
  const load = (plan: Parameters<typeof aPlan>[0]): readonly [string, Load] => [
    "plan e-borealis",
    { key: "", isLoading: false, problem: undefined, value: { kind: "plan", plan: aPlan(plan) } },
  ];
  const state: State = {
    ...base,
    link: world.link ?? { kind: "live" },
    fleet: {
      ...base.fleet,
      pools: new Map([[pool.id, pool]]),
      endpoints: new Map([[endpoint.id, endpoint]]),
      operations: new Map(operation.map((one) => [one.id, one])),
    },
    routes: world.route === undefined ? [] : [world.route],
    loads: new Map(world.plan === undefined ? [] : [load(world.plan)]),
    ...world.more,
  };
  const binding = BINDINGS.find((one) => one.action === action);
  return binding?.disabled(situationOf(state, createSelect()));
}

describe("a key says why it cannot do its deed", () => {
  const underWay = { endpoint: { operationId: "op" }, operation: { state: "running" } } as const;

  it.each<readonly [string, Action, World, string | undefined]>([
    ["a sync of an endpoint that is behind can be done", "sync", {}, undefined],
    ["in sync", "sync", { endpoint: { status: "in-sync" } }, "borealis is in sync: there is nothing to do"],
    [
      "asleep",
      "plan",
      { endpoint: { isOnline: false } },
      "borealis is asleep; only the machine itself can compute its plan",
    ],
    ["no report", "set-latest", { endpoint: { digest: "" } }, "borealis has not reported its packages yet"],
    [
      "degraded",
      "set-latest",
      { endpoint: { status: "degraded" } },
      "borealis is degraded; repair it before it becomes a target",
    ],
    ["no target", "sync", { target: undefined }, "pool studio has no target yet; L on an endpoint makes one"],
    ["under way", "plan", underWay, "an operation is under way on borealis; o shows it"],
    ["another machine", "update", {}, "update runs on the machine itself: run pacpool update on borealis"],
    ["connecting", "sync", { link: { kind: "connecting" } }, "still connecting to the server"],
    [
      "one deed at a time",
      "set-latest",
      { more: { doing: "making atlas the target" } },
      "still making atlas the target",
    ],
    ["a plan", "sync", { route: PLAN, plan: {} }, undefined],
    ["no plan", "sync", { route: PLAN }, "there is no plan to carry out"],
    ["an empty plan", "sync", { route: PLAN, plan: { steps: [] } }, "the plan changes nothing"],
    [
      "a stale plan",
      "sync",
      { route: PLAN, plan: { baseDigest: "old" } },
      "borealis has changed since this plan was made; p makes a new one",
    ],
    [
      "an owner who forbids",
      "sync",
      { route: PLAN, plan: {}, endpoint: { apply: "never" } },
      'the owner of borealis allows plans only (apply = "never" in its agent.toml)',
    ],
  ])("%s", (_name, action, world, expected) => {
    expect(reason(action, world)).toBe(expected);
  });

  const onOperation = (state: Parameters<typeof anOperation>[1]): World => ({
    route: { kind: "operation", operationId: "op" },
    operation: state ?? {},
  });

  it("an operation can be cancelled until pacman begins, and repaired when it needs that", () => {
    expect(reason("cancel", onOperation({ step: "fetch" }))).toBeUndefined();
    expect(reason("cancel", onOperation({ step: "transaction" }))).toBe(
      "pacman is at work; it must not be stopped halfway",
    );
    expect(reason("cancel", onOperation({ state: "succeeded" }))).toBe("this operation has finished");
    expect(reason("repair", onOperation({ state: "interrupted" }))).toBeUndefined();
    expect(reason("repair", onOperation({ state: "succeeded" }))).toBe("there is nothing to repair");
    expect(reason("approve", onOperation({ state: "pending-approval" }))).toBeUndefined();
    expect(reason("approve", onOperation({}))).toBe("no operation waits for approval here");
  });
});
