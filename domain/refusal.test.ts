import { describe, expect, it } from "vitest";
import { invalidField, isRefusalReason, REFUSAL_REASONS, Refusal } from "./refusal.ts";

describe("a refusal", () => {
  it("carries its reason and facts, and names both for the log", () => {
    const refusal = new Refusal("POOL_NOT_FOUND", { pool: "home" });
    expect(refusal).toMatchObject({ name: "Refusal", reason: "POOL_NOT_FOUND", metadata: { pool: "home" } });
    expect(refusal.message).toBe("POOL_NOT_FOUND pool=home");
  });

  it("has reasons that are unique, sorted, and recognised on arrival", () => {
    expect([...new Set(REFUSAL_REASONS)].sort()).toEqual(REFUSAL_REASONS);
    expect(REFUSAL_REASONS.every(isRefusalReason)).toBe(true);
    expect(isRefusalReason("toString")).toBe(false);
  });

  it("shows a wrong value cut short and well-formed", () => {
    expect(invalidField("name", `${"x".repeat(79)}😀y`, "a name").metadata).toEqual({
      field: "name",
      value: `${"x".repeat(79)}\ufffd...`,
      expected: "a name",
    });
  });
});
