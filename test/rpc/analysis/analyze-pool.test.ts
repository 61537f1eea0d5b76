import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Analysis,
  type AnalyzePoolResponse,
  PackageKind,
  SuggestionKind,
} from "../../../proto/generated/pacpool/v1/analysis.ts";
import { PolicyKind } from "../../../proto/generated/pacpool/v1/policy.ts";
import { eventually } from "../../support/eventually.ts";
import { installed } from "../../support/fake-agent.ts";
import { type MixedPool, openMixedPool } from "../../support/mixed-pool.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { hasReported, settled } from "../../support/two-moments.ts";

describe("AnalyzePool", () => {
  let server: TestServer;
  let world: MixedPool;
  let atlas: Awaited<ReturnType<typeof settled>>;
  beforeAll(async () => {
    [server, world] = await Promise.all([openServer(), openMixedPool()]);
    await server.admin.pools.createPool({ name: "desks" });
    atlas = await settled(server, "atlas", world.atlas, "desks");
    await settled(server, "borealis", world.borealis, "desks");
    await settled(server, "cygnus", world.borealis, "desks");
    await settled(server, "zephyr", world.zephyr, "desks");
    await server.enrol("quiet", "desks");
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  /** As a viewer sees it. */
  const ask = (more: Partial<Parameters<typeof server.admin.analyses.analyzePool>[0]> = {}) =>
    server.admin.analyses.analyzePool({ pool: "desks", ...more });
  const askUntil = (isSo: (analysis: Analysis) => boolean) =>
    eventually("another analysis", async () => {
      const answer = await ask();
      return answer.analysis !== undefined && isSo(answer.analysis) ? answer : undefined;
    });
  const suggestion = ({ analysis }: AnalyzePoolResponse, kind: SuggestionKind) =>
    analysis?.suggestions.find((one) => one.kind === kind);

  it("compares each distinct view once, and says who has it", async () => {
    const { analysis } = await ask();
    expect(analysis?.views.map(({ endpoints, packages, daysBehind }) => ({ endpoints, packages, daysBehind }))).toEqual(
      expect.arrayContaining([
        { endpoints: ["borealis", "cygnus"], packages: 5, daysBehind: 3 },
        { endpoints: ["atlas"], packages: 3, daysBehind: 0 },
        { endpoints: ["zephyr"], packages: 3, daysBehind: 0 },
      ]),
    );
    expect(analysis?.classes.map((one) => [one.class, one.endpoints])).toEqual([
      ["x86_64:core", 3],
      ["x86_64:vendor", 1],
    ]);
    // gone and lib32-glibc are missing somewhere, glibc and app differ, base is built alike everywhere.
    expect(analysis?.counts).toMatchObject({ packages: 5, common: 3, missing: 2, version: 2, build: 1 });
    expect(analysis?.withinClass).toMatchObject({ missing: 2, version: 2, build: 0, identical: 1 });
    expect(analysis?.notWhole).toEqual(["quiet"]);
  });

  it("says by which key the packages of a view are signed, and which are not", async () => {
    const { analysis } = await ask();
    const signedBy = analysis?.views.find(({ endpoints }) => endpoints.includes("borealis"))?.signedBy;
    expect(signedBy).toEqual([
      { keyId: world.keyId, packages: 4 },
      { keyId: "", packages: 1 },
    ]);
  });

  it("says for each view who could be the source, who could follow, and what others would keep", async () => {
    const { analysis } = await ask();
    const targetOf = (name: string) =>
      analysis?.targets.find(
        ({ sources, unready }) => sources.includes(name) || unready.some((one) => one.endpoint === name),
      );
    expect(targetOf("atlas")).toMatchObject({
      sources: ["atlas"],
      followers: 1,
      excepted: 2,
      downgraded: 0,
      strangers: 1,
      exceptions: [
        { endpoint: "borealis", lacking: 2, examples: ["gone", "lib32-glibc"] },
        { endpoint: "cygnus", lacking: 2 },
      ],
    });
    expect(targetOf("borealis")).toMatchObject({ sources: ["borealis", "cygnus"], followers: 3, downgraded: 1 });
  });

  it("suggests what to do, the gravest first", async () => {
    const answer = await ask();
    expect(suggestion(answer, SuggestionKind.INCOMPLETE)?.endpoints).toEqual(["quiet"]);
    expect(suggestion(answer, SuggestionKind.REPOSITORY)).toMatchObject({
      sentence:
        "A target from atlas would leave 1 package of borealis and cygnus behind: lib32-glibc comes from multilib, which atlas does not have.",
      advice: expect.stringContaining("Enable multilib on atlas"),
      packages: ["lib32-glibc"],
    });
    expect(suggestion(answer, SuggestionKind.DROPPED)).toMatchObject({ packages: ["gone"] });
    expect(suggestion(answer, SuggestionKind.SOURCE)?.advice).toContain("pacpool set-latest --endpoint atlas");
    expect(suggestion(answer, SuggestionKind.BEHIND)?.sentence).toBe(
      "Refresh borealis and cygnus: their databases are 3 days older than those of atlas.",
    );
    expect(suggestion(answer, SuggestionKind.SKEW)?.sentence).toContain("class x86_64:vendor is 3 days older");
    expect(suggestion(answer, SuggestionKind.CLASSES)?.sentence).toContain("2 classes share the pool");
    const weights = answer.analysis?.suggestions.map(({ weight }) => weight) ?? [];
    expect(weights).toEqual(weights.toSorted((a, b) => a - b));
  });

  it("lists packages by kind, page by page, the analysis on the first page only", async () => {
    const all: string[] = [];
    let pageToken = "";
    do {
      const page = await ask({ kind: PackageKind.ALL, pageSize: 2, pageToken });
      expect(page.totalPackages).toBe(5);
      expect(page.analysis === undefined).toBe(pageToken !== "");
      all.push(...page.packages.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(all).toEqual(["app", "base", "gone", "glibc", "lib32-glibc"].toSorted());
    const namesOf = async (kind: PackageKind, more = {}) =>
      (await ask({ kind, ...more })).packages.map(({ name }) => name);
    expect(await namesOf(PackageKind.COMMON)).toEqual(["app", "base", "glibc"]);
    expect(await namesOf(PackageKind.MISSING)).toEqual(["gone", "lib32-glibc"]);
    expect(await namesOf(PackageKind.BUILD)).toEqual(["app"]);
    expect(await namesOf(PackageKind.BUILD, { withinClass: true })).toEqual([]);
    expect(await namesOf(PackageKind.UNSPECIFIED, { withinClass: true })).toEqual([
      "app",
      "glibc",
      "gone",
      "lib32-glibc",
    ]);
    // Here it is signed, there it is not.
    expect(await namesOf(PackageKind.SIGNER)).toEqual(["app", "base"]);
    expect(await namesOf(PackageKind.IDENTICAL)).toEqual(["base"]);
  });

  it("tells of one package which views have which file, who signed it and how many endpoints have it", async () => {
    const { analysis, packages } = await ask({ kind: PackageKind.VERSION });
    const app = packages.find(({ name }) => name === "app");
    expect(app).toMatchObject({
      installed: 3,
      differences: [PackageKind.VERSION, PackageKind.BUILD, PackageKind.SIGNER],
      differencesWithinClass: [PackageKind.VERSION],
      lackedBy: [],
    });
    const newer = app?.offers.find(({ version }) => version === "2.0-1");
    expect(newer).toMatchObject({
      repository: "core",
      signer: world.keyId,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(newer?.views.map((place) => analysis?.views[place]?.endpoints)).toEqual([["atlas"]]);
  });

  it("names what endpoints have from nowhere", async () => {
    const { analysis } = await ask();
    expect(analysis?.foreign).toEqual([{ name: "yay", endpoints: 2, versions: ["12-1"] }]);
    expect(analysis).toMatchObject({ foreignPackages: 1, foreignEndpoints: 2, unavailablePackages: 0 });
  });

  it("computes again when a set changes or a view, and is the same answer while none does", async () => {
    const before = await ask();
    expect(await ask()).toEqual(before);
    atlas.machine = { ...world.atlas, packages: [...world.atlas.packages, installed("yay", "13-1")] };
    await atlas.reportAll();
    await hasReported(server, "atlas", atlas.machine);
    const after = await ask();
    expect(after.digest).not.toBe(before.digest);
    expect(after.analysis?.foreign).toMatchObject([{ name: "yay", endpoints: 3, versions: ["13-1", "12-1"] }]);
    atlas.machine = { ...atlas.machine, databases: world.borealis.databases };
    await atlas.reportView();
    const { analysis } = await askUntil(({ views }) => views[0]?.endpoints.join(" ") === "atlas borealis cygnus");
    // atlas is newer than its repositories now: no source, and its versions are nowhere any more.
    expect(analysis?.targets[0]?.unready).toMatchObject([{ endpoint: "atlas", why: expect.stringContaining("app") }]);
    expect(analysis).toMatchObject({ unavailablePackages: 2, unavailableEndpoints: 1 });
    atlas.machine = world.atlas;
    await atlas.reportView();
    await atlas.reportAll();
    await askUntil(({ views }) => views.length === 3);
    await hasReported(server, "atlas", atlas.machine);
    expect((await ask()).digest).toBe(before.digest);
  });

  it("knows the pool's target: its moment is no suggestion any more, and shared names must be somewhere", async () => {
    await server.admin.targets.setLatest({ endpoint: "atlas", shared: ["lib32-glibc"] });
    const answer = await ask();
    expect(answer.analysis?.views.find(({ endpoints }) => endpoints.includes("atlas"))?.isTarget).toBe(true);
    expect(suggestion(answer, SuggestionKind.SOURCE)).toBeUndefined();
    expect(suggestion(answer, SuggestionKind.SHARED)?.sentence).toContain("lib32-glibc");
    const rule = { kind: PolicyKind.SHARE, scope: { scope: { $case: "pool" as const, value: "desks" } } };
    await server.admin.policies.addRule({ ...rule, pattern: "nowhere" });
    await server.admin.policies.addRule({ ...rule, pattern: "lib32-*" });
    expect(suggestion(await ask(), SuggestionKind.SHARED)?.packages).toEqual(["lib32-glibc", "nowhere"]);
  });

  it("is empty for an empty pool", async () => {
    await server.admin.pools.createPool({ name: "empty" });
    const { analysis, packages } = await ask({ pool: "empty" });
    expect(analysis).toMatchObject({ views: [], classes: [], suggestions: [], counts: { packages: 0 } });
    expect(packages).toEqual([]);
  });

  it("is for viewers; refuses pools, kinds and tokens that are none, and endpoints", async () => {
    const viewer = await server.as("viewer");
    expect((await viewer.analyses.analyzePool({ pool: "desks" })).pool).toBe("desks");
    expect(await reasonOf(ask({ pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(ask({ pool: "" }))).toBe("INVALID_FIELD");
    expect(await reasonOf(ask({ kind: 77 as PackageKind }))).toBe("INVALID_FIELD");
    expect(await reasonOf(ask({ pageSize: 2_001 }))).toBe("INVALID_FIELD");
    expect(await reasonOf(ask({ pageToken: "made-up" }))).toBe("INVALID_FIELD");
    expect(await reasonOf(atlas.endpoint.connection.analyses.analyzePool({ pool: "desks" }))).toBe("PERMISSION_DENIED");
  });
});
