import { describe, expect, it } from "vitest";
import { anOperation, aPlan, aTarget, driftLine, NOW_MS, planStep } from "../../../test/support/tui-data.ts";
import { aConflict, anAnalysis, aPackage, aRule, packageEndpoint } from "../../../test/support/tui-moments.ts";
import { momentOf } from "../moment-of.ts";
import { logProgress, stepTimes } from "../operation-log.ts";
import { planRows } from "../plan-rows.ts";
import { analysisRows } from "./analysis-rows.ts";
import { conflictRows } from "./conflict-rows.ts";
import type { ListRow } from "./list-row.ts";
import { operationRows } from "./operation-rows.ts";
import { packageRows } from "./package-rows.ts";
import { originWords } from "./plan-items.ts";
import { ruleRows } from "./rule-rows.ts";
import { targetDiffRows } from "./target-diff-rows.ts";
import { targetRows } from "./target-rows.ts";
import { readTypedRule } from "./typed-rule.ts";

/** Headings and the first words of items, in order. */
function outline(rows: readonly ListRow[]): readonly string[] {
  return rows.flatMap((one) => {
    if (one.kind === "titles") return [];
    return one.kind === "heading" ? [`# ${one.text}`] : [one.cells.map(({ text }) => text).join(" ")];
  });
}

function headings(rows: readonly ListRow[]): readonly string[] {
  return outline(rows).filter((line) => line.startsWith("# "));
}

const item = (rows: readonly ListRow[], id: string) => {
  const found = rows.find((one) => one.id === id);
  return found?.kind === "item" ? found : undefined;
};

describe("rows of a package", () => {
  const found = aPackage([
    packageEndpoint("atlas"),
    packageEndpoint("borealis", { version: "127.0-1", drift: "newer", why: "newer than what the target wants" }),
    packageEndpoint("cassini", { version: "", drift: "missing", why: "shared" }),
    packageEndpoint("dione", { drift: "held", why: "held here" }),
    packageEndpoint("eos", { version: "", wanted: "", why: "it has not reported its packages yet" }),
    packageEndpoint("fargo", { version: "" }),
  ]);

  it("have who misses it and who differs before those that are as wanted", () => {
    expect(headings(packageRows(found, ""))).toEqual([
      "# versions (1)",
      "# what targets want (1)",
      "# miss it (1)",
      "# not as wanted (1)",
      "# left alone (1)",
      "# cannot be compared (1)",
      "# as wanted (1)",
      "# without it, and need not have it (1)",
    ]);
  });

  it("are left by a filter over what is said of them, and counted anew", () => {
    expect(headings(packageRows(found, "held"))).toEqual(["# left alone (1)"]);
    expect(packageRows(found, "nothing-like-it")).toEqual([]);
  });

  it("say where a version is to be had, by whom it is signed, and whether its file is kept", () => {
    expect(item(packageRows(found, ""), `build 126.0-1 x86_64 ${NOW_MS - 86_400_000}`)?.why).toBe(
      "126.0-1 (x86_64) on 1 endpoint; in extra, signed by F4B2ADB9E1B6A4B1; the server keeps its file (17.5 MiB)",
    );
  });

  it("lead to the endpoint", () => {
    expect(item(packageRows(found, ""), "e-borealis")?.opens).toEqual({ kind: "endpoint", endpointId: "e-borealis" });
  });
});

describe("rows of a difference", () => {
  const from = aTarget({ revision: 2, shared: ["vim"], pins: new Map([["mesa", "24.0-1"]]) });
  const to = aTarget({
    revision: 4,
    mode: "mirror",
    pins: new Map([
      ["mesa", "24.1-1"],
      ["bash", "5.2-1"],
    ]),
  });
  const items = [
    driftLine("up", { kind: "older" }),
    driftLine("down", { kind: "newer" }),
    driftLine("lost", { kind: "unavailable", wanted: "" }),
    driftLine("came", { kind: "missing", installed: "" }),
    driftLine("again", { kind: "rebuilt" }),
  ];

  it("say what the target itself says first, then what goes, then the rest", () => {
    expect(outline(targetDiffRows({ from, to, items }, "p", ""))).toEqual([
      "# what the target itself says (4)",
      "≠ mode versions → mirror",
      "− vim is not shared any more",
      "+ bash pinned to 5.2-1",
      "+ mesa pinned to 24.1-1 instead of 24.0-1",
      "# gone (1)",
      "− lost 1.0-1 → –",
      "# downgraded (1)",
      "↓ down 1.0-1 → 2.0-1",
      "# upgraded (1)",
      "↑ up 1.0-1 → 2.0-1",
      "# added (1)",
      "+ came – → 2.0-1",
      "# another build (1)",
      "~ again 1.0-1 → 2.0-1",
    ]);
  });

  it("are none for equal targets", () => {
    expect(targetDiffRows({ from, to: from, items: [] }, "p", "")).toEqual([]);
  });
});

describe("rows of a target", () => {
  it("have those first that cannot reach it, with what they lack and why", () => {
    const reach = {
      pool: "studio",
      revision: 4,
      fetching: false,
      files: 3,
      filesKept: 1,
      bytesKept: 5,
      filesMissing: 2,
      endpoints: [
        { endpointId: "a", endpoint: "atlas", reachable: true, lacking: [], lackingCount: 0, unknownBecause: "" },
        {
          endpointId: "b",
          endpoint: "borealis",
          reachable: false,
          lacking: [{ name: "vim", version: "9-1", filename: "", why: "nowhere" }],
          lackingCount: 2,
          unknownBecause: "",
        },
      ],
    } as const;
    const rows = targetRows({ target: aTarget({ shared: ["vim"] }), reach }, "p", "");
    expect(headings(rows)[0]).toBe("# cannot reach it: files are missing (1)");
    expect(item(rows, "reach b")?.why).toBe("vim 9-1 (no source has it), and 1 more");
    expect(item(rows, "shared vim")?.opens).toEqual({ kind: "package", poolId: "p", name: "vim" });
  });
});

describe("rows of conflicts", () => {
  it("have those that wait for a person before those that are decided, with by whom", () => {
    const decided = aConflict("python", { take: "target", decidedBy: "ada", why: "chosen" });
    const rows = conflictRows([decided, aConflict("firefox")], "");
    expect(headings(rows)).toEqual(["# wait for you (1)", "# decided (1)"]);
    expect(item(rows, "e-borealis python")?.why).toBe("chosen; decided by ada");
  });
});

describe("rules", () => {
  it("are listed by what they do, a plain name leads to its package, a glob nowhere", () => {
    const rows = ruleRows([aRule("steam", { kind: "own" }), aRule("linux*")], "");
    expect(headings(rows)).toEqual(["# hold: keep their version (1)", "# own: there or not, as the machine likes (1)"]);
    expect(item(rows, "r-steam")?.opens).toMatchObject({ kind: "package", name: "steam" });
    expect(item(rows, "r-linux*")?.opens).toBeUndefined();
  });

  it("are read from one line, for the pool in front unless it says otherwise", () => {
    expect(readTypedRule("hold linux* until May", "studio")).toEqual({
      kind: "hold",
      pattern: "linux*",
      scope: { kind: "pool", pool: "studio" },
      message: "until May",
    });
    expect(readTypedRule("share @xorg label room=lab", undefined)).toMatchObject({
      scope: { kind: "label", label: "room=lab" },
      message: "",
    });
  });

  it("say what a line lacks", () => {
    expect(readTypedRule("", "studio")).toContain("KIND PATTERN");
    expect(readTypedRule("keep vim", "studio")).toBe("“keep” is none of hold, share, own, foreign");
    expect(readTypedRule("hold", "studio")).toMatch(/^hold what\?/u);
    expect(readTypedRule("hold a/b", "studio")).toContain("is no name");
    expect(readTypedRule("hold vim pool", "studio")).toBe("which pool?");
    expect(readTypedRule("hold vim", undefined)).toMatch(/^for whom\?/u);
  });
});

describe("rows of an analysis", () => {
  it("have what to do first, and say who would keep what with a possible target", () => {
    const analysis = { summary: anAnalysis(), packages: [], totalPackages: 0 };
    const rows = analysisRows(analysis, "p", "");
    expect(headings(rows)[0]).toBe("# what to do (1)");
    expect(item(rows, `target ${"a".repeat(64)}`)?.why).toBe(
      "borealis would keep 2 packages (gone, lib32-glibc); 1 endpoint of other classes cannot follow it; it is the target now",
    );
    expect(item(rows, "foreign yay")?.opens).toMatchObject({ kind: "package", name: "yay" });
  });
});

describe("rows of a plan", () => {
  it("have removals, downgrades and warnings before everything else", () => {
    const plan = aPlan({ steps: [...aPlan().steps, planStep("mesa", { action: "downgrade" })] });
    const texts = planRows({ kind: "plan", plan }, "", 80).flatMap((one) => (one.kind === "heading" ? [one.text] : []));
    expect(texts).toEqual(["remove (1)", "downgrade (1)", "warnings (1)", "upgrade (1)", "left alone (1)"]);
  });

  it("say a refusal whole, however long it is", () => {
    const because = `there is no plan: ${"a long reason ".repeat(12)}`.trim();
    const rows = planRows({ kind: "no-plan", because, details: [because, "mesa stays"] }, "", 60);
    const parts = rows.flatMap((one) => (one.kind === "note" ? [one] : []));
    expect(parts.filter(({ part }) => part === "first").map(({ why }) => why.slice(0, 10))).toEqual([
      "there is n",
      "mesa stays",
    ]);
    expect(
      parts
        .slice(0, -1)
        .map(({ why }) => why)
        .join(" "),
    ).toBe(because);
  });

  it("say where files come from, and which are there already", () => {
    const steps = [
      planStep("a", { repository: "core", downloadBytes: 1024 }),
      planStep("b", { repository: "", downloadBytes: 2048 }),
      planStep("c", { downloadBytes: 0 }),
      planStep("d", { action: "remove" }),
    ];
    expect(originWords(aPlan({ steps }))).toBe(
      "core 1 (1.0 KiB), files that are kept 1 (2.0 KiB), 1 on the machine or of unknown size",
    );
  });
});

describe("what Enter opens", () => {
  it("is a package from rows of a drift and of a plan, and nothing from its headings and warnings", () => {
    const plan = { kind: "plan", endpointId: "e", isRevert: false } as const;
    const opened = (id: string) => momentOf(plan, id, "p");
    expect(momentOf({ kind: "endpoint", endpointId: "e" }, "vim", "p")).toEqual({
      kind: "package",
      poolId: "p",
      name: "vim",
    });
    expect(opened("remove vim")).toEqual({ kind: "package", poolId: "p", name: "vim" });
    expect(opened("left vim")).toMatchObject({ name: "vim" });
    for (const id of ["# remove", "warning 0", "detail 0.1", ""]) expect(opened(id)).toBeUndefined();
    expect(momentOf({ kind: "history", poolId: "p" }, "3", "p")).toEqual({ kind: "target", poolId: "p", revision: 3 });
  });
});

describe("an operation", () => {
  const loaded = (conflicts: readonly ReturnType<typeof aConflict>[]) =>
    ({ kind: "operation", operation: undefined, plan: aPlan(), conflicts, log: [] }) as const;

  it("says what waits for a person, then that the plan can be approved", () => {
    const operation = anOperation("o", { state: "pending-approval" });
    const next = (conflicts: readonly ReturnType<typeof aConflict>[]) =>
      item(operationRows(operation, loaded(conflicts), [], ""), "next")?.why;
    expect(next([aConflict("vim")])).toBe("1 package waits for a decision: x shows them");
    expect(next([aConflict("vim", { take: "target" })])).toMatch(/^everything is decided: a shows the plan/u);
  });

  it("says what cancelling means by the step that it is in", () => {
    const cancel = (step: "fetch" | "transaction") =>
      item(operationRows(anOperation("o", { step }), undefined, [], ""), "cancel")?.why;
    expect(cancel("fetch")).toContain("pacman has not begun");
    expect(cancel("transaction")).toContain("pacman has begun");
    const over = anOperation("o", { state: "succeeded" });
    expect(item(operationRows(over, undefined, [], ""), "cancel")).toBeUndefined();
  });

  it("continues the log that the server kept by what was heard since, each line once", () => {
    const line = (message: string) => ({ atMs: NOW_MS, step: "fetch", percent: 1, message }) as const;
    const value = { ...loaded([]), log: [line("a"), line("b")] };
    const rows = operationRows(anOperation("o"), value, [line("b"), line("c")], "");
    const said = outline(rows).filter((text) => / [abc]$/u.test(text));
    expect(said.map((text) => text.at(-1))).toEqual(["c", "b", "a"]);
  });

  it("knows how long each step took, without the time between two attempts", () => {
    const line = (step: "fetch" | "transaction" | "check", atMs: number) => ({ atMs, step, percent: 1, message: "" });
    const log = [
      line("fetch", 1_000),
      line("fetch", 4_000),
      line("transaction", 5_000),
      line("check", 90_000),
      line("fetch", 91_000),
    ];
    expect([...stepTimes(log, 93_000)]).toEqual([
      ["fetch", 6_000],
      ["transaction", 0],
      ["check", 1_000],
    ]);
  });

  it("keeps a bounded log of those whose screen is open, without repetitions", () => {
    const route = { kind: "operation", operationId: "o" } as const;
    const said = (operationId: string, message: string) =>
      ({
        kind: "progress",
        progress: { operationId, endpointId: "e", step: "fetch", percent: 1, message },
      }) as const;
    const once = logProgress(new Map(), [route], [said("o", "a"), said("o", "a"), said("other", "b")], NOW_MS);
    expect([...once]).toEqual([["o", [{ atMs: NOW_MS, step: "fetch", percent: 1, message: "a" }]]]);
    expect(logProgress(once, [route], [said("o", "a")], NOW_MS)).toBe(once);
    const many = Array.from({ length: 1_000 }, (_, index) => said("o", String(index)));
    const lines = logProgress(once, [route], many, NOW_MS).get("o");
    expect(lines).toHaveLength(600);
    expect(lines?.at(-1)?.message).toBe("999");
  });
});
