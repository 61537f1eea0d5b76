import { afterEach, describe, expect, it } from "vitest";
import type { OperationView } from "../rpc/codec/operation.ts";
import type { WatchEvent } from "../rpc/codec/watch.ts";
import { ENTER, ESCAPE, openApp as openUndisposed, snapshotOf } from "../test/support/tui-app.tsx";
import { anEndpoint, anOperation, aPlan, aPool, aTarget, counts, driftLine, NOW_MS } from "../test/support/tui-data.ts";
import { aConflict, anAnalysis, aPackage, aRule, packageEndpoint } from "../test/support/tui-moments.ts";
import { type Recording, recordedServer } from "../test/support/tui-server.ts";
import type { LoadedValue } from "./store/state.ts";

const borealis = anEndpoint("borealis", { status: "behind", counts: counts({ older: 1 }) });
const firefox = aPackage([
  packageEndpoint("atlas"),
  packageEndpoint("borealis", {
    version: "125.0-1",
    drift: "older",
    why: "older than what the target's repositories have",
  }),
  packageEndpoint("cassini", { version: "", drift: "missing", why: "not installed, and shared by the whole pool" }),
]);
const older = aTarget({ revision: 3, message: "April", shared: ["vim"], createdAtMs: NOW_MS - 86_400_000 });
const history = { kind: "history", targets: [aTarget(), older, aTarget({ revision: 2, message: "March" })] } as const;
const diff = {
  kind: "diff",
  diff: {
    from: aTarget({ revision: 2, message: "March" }),
    to: aTarget({ shared: ["vim"] }),
    items: [
      driftLine("firefox", { installed: "124.0-1", wanted: "126.0-1" }),
      driftLine("oldlib", { kind: "unavailable", installed: "1.0-1", wanted: "" }),
      driftLine("python", { kind: "newer", installed: "3.13-1", wanted: "3.12-1" }),
    ],
  },
} as const;

const answers: Readonly<Record<string, LoadedValue>> = {
  "drift e-atlas": { kind: "drift", targetRevision: 4, items: [] },
  "drift e-borealis": { kind: "drift", targetRevision: 4, items: [driftLine("firefox")] },
  "plan e-borealis": { kind: "plan", plan: aPlan() },
  "package p-studio firefox": { kind: "package", found: firefox },
  "history p-studio": history,
  "target p-studio 3": { kind: "target", details: { target: older, reach: undefined } },
  "diff p-studio 2 4": diff,
  "diff p-studio 2 3": diff,
  "rules p-studio": { kind: "rules", rules: [aRule("linux*"), aRule("steam", { kind: "own" })] },
  "analysis p-studio": { kind: "analysis", analysis: { summary: anAnalysis(), packages: [], totalPackages: 0 } },
};

const operation = anOperation("op-1", { state: "pending-approval", step: undefined, percent: 0, startedAtMs: 0 });

/** The operation is the one of borealis. */
function withOperation(status: "syncing" | "pending-approval", one: OperationView): readonly WatchEvent[] {
  const machines = [anEndpoint("atlas"), { ...borealis, status, operationId: one.id }];
  const item = { kind: "operation", operation: one } as const;
  return [{ kind: "snapshot-item", poolId: "p-studio", item }, ...snapshotOf([aPool()], machines)];
}

const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]();
});

function openApp(more: Partial<Recording> = {}, size?: { columns: number; rows: number }) {
  const events = snapshotOf([aPool()], [anEndpoint("atlas"), borealis]);
  const server = recordedServer({ pools: [aPool()], events, answers, ...more });
  const app = openUndisposed(server, size);
  open.push(app);
  const keys = (text: string): void => {
    app.stdin.write(text);
  };
  return { shows: app.shows, keys, plain: app.plain, server };
}

describe("a package", () => {
  it("opens from a row of a drift, with who misses it first, and leads on to an endpoint and back", async () => {
    const { shows, keys } = openApp();
    await shows("› atlas");
    keys("j\r");
    await shows("› ↓ older");
    keys(ENTER);
    const frame = await shows("2 of 3 endpoints have it, 1 do not");
    expect(frame).toContain("Package firefox in pool studio");
    expect(frame.indexOf("miss it (1)")).toBeLessThan(frame.indexOf("not as wanted (1)"));
    keys("G");
    await shows("as the target wants it; installed by name");
    keys(ENTER);
    await shows("╭─ atlas ✓ in-sync");
    keys(ESCAPE);
    await shows("Package firefox in pool studio");
  });

  it("opens by its name from anywhere, and says so when nobody has it", async () => {
    const nobody = aPackage([], { name: "nonsuch", builds: [], wants: [], total: 2, without: 2 });
    const { shows, keys } = openApp({
      answers: { ...answers, "package  nonsuch": { kind: "package", found: nobody } },
    });
    await shows("› atlas");
    keys(":package nonsuch");
    await shows("package nonsuch");
    keys(ENTER);
    await shows("nobody in the whole fleet has nonsuch, and no target knows it");
  });

  it("says why it cannot be read", async () => {
    const { "package p-studio firefox": _, ...without } = answers;
    const { shows, keys } = openApp({ answers: without });
    await shows("› atlas");
    keys("j\r");
    await shows("› ↓ older");
    keys(ENTER);
    await shows("failed: reading who has firefox");
  });
});

describe("a history", () => {
  it("compares the selected target with the newest, or the one that is marked", async () => {
    const { shows, keys } = openApp();
    await shows("› atlas");
    keys("t");
    await shows("April");
    keys("Gd");
    const frame = await shows("1 gone, 1 downgraded, 1 upgraded");
    expect(frame).toContain("Target 2 → 4 of studio");
    expect(frame.indexOf("vim is shared")).toBeLessThan(frame.indexOf("gone (1)"));
    expect(frame.indexOf("gone (1)")).toBeLessThan(frame.indexOf("downgraded (1)"));
    keys(ESCAPE);
    await shows("Targets of studio");
    keys("k d");
    await shows("Target 2 → 3 of studio");
  });

  it("opens a target, and filters by words of the message", async () => {
    const { shows, keys } = openApp();
    await shows("› atlas");
    keys("t");
    await shows("April");
    keys("/april\r");
    await shows("1 of 1 that match");
    keys(ENTER);
    await shows("shared by the whole pool (1)");
  });
});

describe("an operation that waits for decisions", () => {
  const events = withOperation("pending-approval", operation);
  const conflicts = [aConflict("firefox"), aConflict("python")];
  const recorded = {
    ...answers,
    "operation op-1": { kind: "operation", operation, plan: aPlan(), conflicts, log: [] },
    "conflicts p-studio e-borealis": { kind: "conflicts", conflicts },
  } as const;

  it("shows them, takes a decision as a value, and approves the plan as it is afterwards", async () => {
    const changing: Record<string, LoadedValue> = { ...recorded };
    const { shows, keys, server } = openApp({ events, answers: changing });
    await shows("› atlas");
    keys("jo");
    await shows("2 packages wait for a decision: x shows them");
    keys("a");
    await shows("2 packages wait for a decision first");
    keys("x");
    await shows("wait for you (2)");
    keys("E");
    const asked = await shows("Keep 2 packages of borealis as it is?");
    expect(asked).toContain("python: stays at 1.5-1");
    changing["conflicts p-studio e-borealis"] = {
      kind: "conflicts",
      conflicts: conflicts.map((one) => ({ ...one, take: "current", decidedBy: "ada" })),
    };
    changing["plan e-borealis"] = { kind: "plan", plan: aPlan({ digest: "7".repeat(64) }) };
    keys("y");
    await shows("decided (2)");
    expect(server.performed).toMatchObject([
      { kind: "resolve-conflicts", endpointId: "e-borealis", packages: ["firefox", "python"], take: "current" },
    ]);
    keys("a");
    await shows("approves the operation that waits, with exactly this plan");
    keys("s");
    await shows("a approves it");
    keys("a");
    await shows("Let borealis carry out its plan?");
    keys(ENTER);
    await shows("done");
    expect(server.performed.at(-1)).toMatchObject({
      kind: "approve",
      operationId: "op-1",
      planDigest: "7".repeat(64),
    });
  });
});

describe("an operation under way", () => {
  it("keeps what it said while it is looked at, and says what cancelling means by now", async () => {
    const running = anOperation("op-1", { step: "fetch", percent: 10, message: "fetching firefox" });
    const events = withOperation("syncing", running);
    const loaded = { kind: "operation", operation: running, plan: aPlan(), conflicts: [], log: [] } as const;
    const { shows, keys, server } = openApp({ events, answers: { ...answers, "operation op-1": loaded } });
    await shows("› atlas");
    keys("jo");
    await shows("pacman has not begun");
    const tell = (step: "fetch" | "transaction", percent: number, message: string): void =>
      server.tell({
        kind: "progress",
        progress: { operationId: "op-1", endpointId: "e-borealis", step, percent, message },
      });
    tell("fetch", 20, "fetching python");
    await shows("log (1)");
    tell("transaction", 60, "upgrading firefox (1/2)");
    const frame = await shows("pacman has begun: it finishes");
    expect(frame.indexOf("upgrading firefox (1/2)", frame.indexOf("log (2)"))).toBeLessThan(
      frame.indexOf("fetching python"),
    );
  });
});

describe("rules", () => {
  it("are listed by what they do, added by a line and removed after a question", async () => {
    const { shows, keys, server } = openApp();
    await shows("› atlas");
    keys("H");
    await shows("hold: keep their version (1)");
    keys("nhold");
    await shows("add-rule hold");
    keys(" vim* label room=lab until May\r");
    const frame = await shows("New rule: hold vim*?");
    expect(frame).toContain("For label room=lab: vim* keeps its version");
    keys("y");
    await shows("hold vim* now counts for label room=lab");
    keys("x");
    await shows("hold linux* for pool studio");
    keys("y");
    await shows("no longer: hold linux* for pool studio");
    expect(server.performed).toMatchObject([
      {
        kind: "add-rule",
        rule: "hold",
        pattern: "vim*",
        scope: { kind: "label", label: "room=lab" },
        message: "until May",
      },
      { kind: "remove-rule", ruleId: "r-linux*" },
    ]);
  });

  it("say what is wrong with a line that is none", async () => {
    const { shows, keys } = openApp();
    await shows("› atlas");
    keys("H");
    await shows("hold: keep");
    keys("nkeep vim\r");
    await shows("“keep” is none of hold, share, own, foreign");
  });
});

describe("an analysis", () => {
  it("begins with what to do", async () => {
    const { shows, keys } = openApp();
    await shows("› atlas");
    keys("A");
    const frame = await shows("what to do (1)");
    expect(frame).toContain("5 packages: 3 in every view, 2 the same file everywhere");
    expect(frame).toMatch(/Enable\s+│\s+│\s+multilib on atlas/u);
  });
});

describe("every screen about moments", () => {
  it("keeps within the terminal at any size", async () => {
    for (const [columns, rows] of [
      [60, 16],
      [250, 80],
    ] as const) {
      const { shows, keys, plain } = openApp({}, { columns, rows });
      await shows("› atlas");
      for (const [press, shown] of [
        ["j\r", "› ↓ older"],
        [ENTER, "Package firefox"],
        [`${ESCAPE}`, "› ↓ older"],
        ["t", "April"],
        ["Gd", "Target 2 → 4"],
        ["H", "hold: keep"],
        ["A", "what to do"],
      ] as const) {
        keys(press);
        await shows(shown);
        const lines = plain().split("\n");
        expect(lines.length).toBeLessThanOrEqual(rows);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      }
    }
  });
});

describe("a plan that cannot be had", () => {
  it("says why, whole, and which keys help", async () => {
    const because = "mesa stays at 24.0-1 because a rule holds it, and the target's libva needs mesa>=24.1";
    const refused = { kind: "no-plan", because, details: ["take the hold away, or hold libva as well"] } as const;
    const { shows, keys } = openApp({ answers: { ...answers, "plan e-borealis": refused } });
    await shows("› atlas");
    keys("jp");
    const frame = await shows("there is no plan; nothing was changed");
    expect(frame).toContain("take the hold away, or hold libva as well");
    expect(frame).toMatch(/p tries again +H rules +x conflicts/u);
  });

  it("says that it was not answered, and that p asks again", async () => {
    const { "plan e-borealis": _, ...without } = answers;
    const { shows, keys } = openApp({ answers: without });
    await shows("› atlas");
    keys("jp");
    await shows("failed: reading the plan of borealis");
    await shows("p asks the machine again");
  });
});
