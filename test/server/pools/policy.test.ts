import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONFLICT_MODES, type ConflictMode } from "../../../domain/policy/resolve-conflicts.ts";
import { makePolicyOperations } from "../../../server/operations/policy/policy-operations.ts";
import { refreshEndpointStatus, refreshPoolStatuses } from "../../../server/operations/refresh-status.ts";
import { by, type Fleet, latest, openFleet, type Report } from "./fleet.ts";

/** A machine with these packages, from a repository with these. */
function machine(packages: readonly string[], repository: readonly string[], more: Partial<Report> = {}): Report {
  const entries = repository.map((line) => {
    const [name = "", version = ""] = line.split(" ");
    return { name, version };
  });
  return { packages, repository: entries, ...more };
}

const ONE = ["app 1-1", "lib 1-1", "tool 1-1"];
const TWO = ["app 2-1", "lib 2-1", "tool 2-1"];
const THREE = ["app 3-1", "lib 3-1", "tool 3-1"];

describe("rules and conflicts over rows", () => {
  let fleet: Fleet;
  let policies: ReturnType<typeof makePolicyOperations>;
  beforeAll(async () => {
    fleet = await openFleet();
    policies = makePolicyOperations(fleet.store);
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  const conflictsOf = async (endpoint: string) =>
    (await policies.listConflicts({ endpoint, pool: undefined, undecidedOnly: false })).conflicts.map(
      ({ name, base, ours, theirs }) => `${name} ${base?.version ?? "?"} ${ours.version} ${theirs.version}`,
    );

  const edit = (pool: string, conflicts: ConflictMode) =>
    fleet.pools.updatePool({
      ...by(),
      pool,
      name: undefined,
      description: undefined,
      mode: undefined,
      expectedRevision: undefined,
      policy: { conflicts },
    });

  /** `<pool>-source` and `<pool>-other` were both in step at revision 1. */
  async function inStep(pool: string): Promise<{ readonly source: string; readonly other: string }> {
    const [source, other] = [`${pool}-source`, `${pool}-other`];
    await fleet.createPool(pool);
    await fleet.settled(source, pool, machine(ONE, ONE));
    await fleet.settled(other, pool, machine(ONE, ONE));
    await fleet.targets.setLatest({ ...by(), ...latest, endpoint: source });
    return { source, other };
  }

  async function publish(source: string, moment: readonly string[]): Promise<void> {
    await fleet.report(source, machine(moment, moment));
    await fleet.targets.setLatest({ ...by(), ...latest, endpoint: source });
  }

  it("sees what an endpoint did by itself against the target that it last had, and nothing in who only lags behind", async () => {
    const { source, other } = await inStep("a");
    await publish(source, TWO);
    expect(await conflictsOf(other)).toEqual([]);
    await fleet.report(other, machine(["app 1.5-1", "lib 1-1", "tool 0.9-1"], ONE));
    expect(await conflictsOf(other)).toEqual(["app 1-1 1.5-1 2-1", "tool 1-1 0.9-1 2-1"]);
    expect(await conflictsOf(source)).toEqual([]);
  });

  it("takes the newest target that an endpoint was seen to have as its base, however it came to it", async () => {
    const { source, other } = await inStep("b");
    await publish(source, TWO);
    // By hand, from its own mirror.
    await fleet.report(other, machine(TWO, TWO));
    await publish(source, THREE);
    expect(await conflictsOf(other)).toEqual([]);
    await fleet.report(other, machine(["app 2-1", "lib 2-1", "tool 1-1"], TWO));
    expect(await conflictsOf(other)).toEqual(["tool 2-1 1-1 3-1"]);
  });

  it("knows no base in a new pool: there only what is newer or of another build is a conflict", async () => {
    const { other } = await inStep("c");
    await fleet.report(other, machine(["app 1-1", "lib 1-1", "tool 0.9-1"], ONE));
    expect(await conflictsOf(other)).toEqual(["tool 1-1 0.9-1 1-1"]);
    await fleet.createPool("c2");
    await fleet.settled("c2-source", "c2", machine(ONE, ONE));
    await fleet.targets.setLatest({ ...by(), ...latest, endpoint: "c2-source" });
    await fleet.endpoints.moveEndpoint({ ...by(), endpoint: other, pool: "c2" });
    expect(await conflictsOf(other)).toEqual([]);
    await fleet.report(other, machine(["app 9-1", "lib 1-1 @101", "tool 0.9-1"], ONE));
    expect(await conflictsOf(other)).toEqual(["app ? 9-1 1-1", "lib ? 1-1 1-1"]);
  });

  it("compares a whole pool as it compares each of its endpoints, with rules, labels and in every mode", async () => {
    const { source, other } = await inStep("d");
    const names = [source, other];
    for (let at = 0; at < 6; at += 1) {
      const name = `d-${String(at)}`;
      names.push(name);
      await fleet.settled(name, "d", machine(ONE, ONE, { held: at === 5 ? ["lib"] : [] }));
      const app = at % 2 === 0 ? "app 3-1" : "app 0.5-1";
      await fleet.report(
        name,
        machine([app, at === 3 ? "lib 2-1" : "lib 1-1", "tool 1-1"], ONE, { held: at === 5 ? ["lib"] : [] }),
      );
      if (at > 2) await fleet.endpoints.labelEndpoint({ ...by(), endpoint: name, set: { room: "lab" }, clear: [] });
    }
    const add = (
      kind: "hold" | "share" | "own" | "foreign",
      scope: Parameters<typeof policies.addRule>[0]["scope"],
      pattern: string,
    ) => policies.addRule({ ...by(), kind, scope, pattern, message: "" });
    await add("hold", { kind: "label", label: "room=lab" }, "to*");
    await add("share", { kind: "pool", pool: "d" }, "extra");
    await add("foreign", { kind: "endpoint", endpoint: "d-4" }, "app");
    await publish(source, TWO);
    const { id: poolId } = await fleet.pools.getPool("d");
    const rows = async () =>
      await fleet.store.database.query(
        `select name, status, reasons, counts, undecided, policy, policy_digest, base_revision from endpoint
         where pool_id = $1 order by name`,
        [poolId],
      );
    for (const mode of CONFLICT_MODES) {
      await edit("d", mode);
      const whole = await rows();
      await fleet.store.database.query(
        "update endpoint set status = 'unknown', counts = '{}', undecided = '[]', policy_digest = '?' where pool_id = $1",
        [poolId],
      );
      for (const name of names) {
        const { id } = await fleet.endpoints.getEndpoint(name);
        await fleet.store.database.transaction((sql) => refreshEndpointStatus(fleet.store, sql, id));
      }
      expect(await rows()).toEqual(whole);
      // Nothing changes when nothing has changed.
      expect(await fleet.store.database.transaction((sql) => refreshPoolStatuses(fleet.store, sql, poolId))).toEqual(
        [],
      );
    }
    const drifts = await Promise.all(names.map(async (name) => (await fleet.endpoints.getDrift(name)).drift.counts));
    const stored = await Promise.all(names.map(async (name) => (await fleet.endpoints.getEndpoint(name)).counts));
    expect(drifts).toEqual(stored);
  });

  it("asks again with every target, and keeps a decision only for its own", async () => {
    const { source, other } = await inStep("e");
    await edit("e", "manual");
    await fleet.report(other, machine(["app 7-1", "lib 1-1", "tool 1-1"], ONE));
    const status = async () => (await fleet.endpoints.getEndpoint(other)).status;
    expect(await status()).toBe("pending-approval");
    await policies.resolveConflicts({ ...by("once"), endpoint: other, packages: ["app"], take: "current" });
    await policies.resolveConflicts({ ...by("once"), endpoint: other, packages: ["app"], take: "current" });
    expect(await status()).toBe("in-sync");
    await publish(source, TWO);
    expect(await status()).toBe("pending-approval");
    expect(await conflictsOf(other)).toEqual(["app 1-1 7-1 2-1"]);
  });

  it("does not take a package for changed that only a hold kept back", async () => {
    const { source, other } = await inStep("g");
    const hold = { kind: "hold", scope: { kind: "pool", pool: "g" }, pattern: "tool" } as const;
    await policies.addRule({ ...by(), ...hold, message: "" });
    await edit("g", "keep-current");
    await publish(source, TWO);
    await fleet.report(other, machine(["app 2-1", "lib 2-1", "tool 1-1"], TWO));
    await publish(source, THREE);
    await fleet.report(other, machine(["app 3-1", "lib 3-1", "tool 1-1"], THREE));
    await policies.removeRule({ ...by(), rule: hold });
    expect(await conflictsOf(other)).toEqual([]);
    expect((await fleet.endpoints.getEndpoint(other)).status).toBe("behind");
    // What it did beyond that is its own.
    await fleet.report(other, machine(["app 3-1", "lib 3-1", "tool 1.5-1"], THREE));
    expect(await conflictsOf(other)).toEqual(["tool 3-1 1.5-1 3-1"]);
  });

  it("takes a source whose rules hold packages back for whole, and imposes their versions on nobody", async () => {
    const { source, other } = await inStep("h");
    const setLatest = () => fleet.targets.setLatest({ ...by(), ...latest, endpoint: source });
    await fleet.report(source, machine(["app 2-1", "lib 1-1", "tool 1-1"], TWO));
    await expect(setLatest()).rejects.toMatchObject({ reason: "SOURCE_PARTIALLY_UPGRADED" });
    const scope = { kind: "endpoint", endpoint: source } as const;
    await policies.addRule({ ...by(), kind: "hold", scope, pattern: "t*", message: "" });
    await expect(setLatest()).rejects.toMatchObject({ metadata: { count: "1" } });
    await policies.addRule({ ...by(), kind: "foreign", scope, pattern: "lib", message: "" });
    expect((await setLatest()).target).toMatchObject({ revision: 2, pins: new Map() });
    const { drift } = await fleet.endpoints.getDrift(other);
    expect(drift.items.map((one) => `${one.name} ${one.wanted ?? ""}`)).toEqual(["app 2-1", "lib 2-1", "tool 2-1"]);
  });

  it("lets rules go with their endpoint", async () => {
    const { other } = await inStep("f");
    await policies.addRule({
      ...by(),
      kind: "hold",
      scope: { kind: "endpoint", endpoint: other },
      pattern: "app",
      message: "",
    });
    await fleet.endpoints.removeEndpoint({ ...by(), endpoint: other });
    const { items } = await policies.listRules({ kind: "hold", scope: undefined }, { size: 100, token: undefined });
    expect(items.map((rule) => (rule.scope.kind === "endpoint" ? rule.scope.endpoint : ""))).not.toContain(other);
  });
});
