import { describe, expect, it } from "vitest";
import { aPool } from "../../test/support/tui-data.ts";
import type { Deed, StartOperation } from "./deed.ts";
import { questionOf } from "./question.ts";

const start = (endpoint: string, removals: readonly string[] = []): StartOperation => ({
  kind: "start-operation",
  endpointId: `e-${endpoint}`,
  endpoint,
  planDigest: "9".repeat(64),
  isRevert: false,
  targetRevision: 4,
  changes: "1 upgrade",
  removals,
});
const many = (...starts: readonly StartOperation[]): Deed => ({
  kind: "start-many",
  pool: "studio",
  starts,
  leftOut: [],
});
const back: Deed = {
  kind: "restore-target",
  poolId: "p-studio",
  pool: "studio",
  revision: 3,
  currentRevision: 4,
  message: "",
};

describe("a deed is asked for", () => {
  const wants = (deed: Deed, pool = aPool()): string | undefined => {
    const question = questionOf(deed, pool);
    return question.kind === "typed" ? question.word : undefined;
  };

  it("with a yes, while a few machines are concerned", () => {
    expect(wants(start("atlas", ["vim"]))).toBeUndefined();
    expect(wants(many(start("atlas"), start("borealis", ["vim"])))).toBeUndefined();
    expect(wants(back)).toBeUndefined();
  });

  it("by the pool's name where packages disappear from several machines", () => {
    expect(wants(many(start("atlas", ["vim"]), start("borealis", ["vim"])))).toBe("studio");
    expect(wants(back, aPool("studio", { mode: "mirror" }))).toBe("studio");
    expect(wants(back, aPool("studio", { mode: "mirror", endpoints: 1 }))).toBeUndefined();
  });

  it("by the pool's name where many machines are concerned", () => {
    expect(wants(many(...Array.from({ length: 10 }, (_, index) => start(`host-${index}`))))).toBe("studio");
    expect(wants(back, aPool("studio", { endpoints: 10 }))).toBe("studio");
  });
});
