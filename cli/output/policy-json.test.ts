import { describe, expect, it } from "vitest";
import type { ConflictView, RuleView } from "../../rpc/codec/policy.ts";
import { conflictJson } from "./conflict.ts";
import { ruleJson, scopeWords } from "./rule.ts";

const rule: RuleView = {
  id: "r1",
  kind: "hold",
  scope: { kind: "label", label: "room=lab" },
  pattern: "linux*",
  author: "anna",
  message: "until May",
  createdAtMs: Date.UTC(2026, 4, 1),
};

const conflict: ConflictView = {
  endpointId: "e1",
  endpoint: "borealis",
  name: "firefox",
  base: "1-1",
  installed: "3-1",
  target: "2-1",
  targetRevision: 7n,
  take: undefined,
  why: "a person has to choose",
  decidedBy: "",
  decidedAtMs: undefined,
};

describe("rules and conflicts as JSON", () => {
  it("has every promised field of `hold list`", () => {
    expect(ruleJson(rule)).toEqual({
      id: "r1",
      kind: "hold",
      pattern: "linux*",
      pool: null,
      label: "room=lab",
      endpoint: null,
      author: "anna",
      message: "until May",
      createdAt: "2026-05-01T00:00:00.000Z",
    });
    expect(ruleJson({ ...rule, scope: { kind: "pool", pool: "main" } })).toMatchObject({ pool: "main", label: null });
    expect(scopeWords({ kind: "endpoint", endpoint: "borealis" })).toBe("endpoint borealis");
  });

  it("has every promised field of `conflict list`, null for what nobody knows or has decided", () => {
    expect(conflictJson(conflict)).toEqual({
      endpoint: "borealis",
      name: "firefox",
      base: "1-1",
      installed: "3-1",
      target: "2-1",
      targetRevision: 7,
      take: null,
      why: "a person has to choose",
      decidedBy: null,
      decidedAt: null,
    });
    const decided = { ...conflict, base: "", take: "current" as const, decidedBy: "anna", decidedAtMs: 0 };
    expect(conflictJson(decided)).toMatchObject({ base: null, take: "current", decidedBy: "anna" });
  });
});
