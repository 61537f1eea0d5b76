import { describe, expect, it } from "vitest";
import { canonicalBytes } from "../../../domain/package-set/canonical.ts";
import type { ViewIndex } from "../../../domain/view/view-index.ts";
import { setOf, viewOf } from "../../../test/support/sample-packages.ts";
import type { Content, Query } from "../content.ts";
import { makeAnalysisCaches } from "./analysis-cache.ts";

const sql: Query = { query: () => Promise.reject(new Error("content is asked, not rows")) };

/** Views by digest that may come and go, and every look at them. */
function countingContent(views: Map<string, ViewIndex>) {
  const looks: string[] = [];
  const look = (what: string): void => {
    looks.push(what);
  };
  const content: Content = {
    view: () => Promise.resolve({ architecture: "x86_64", class: "", databases: [] }),
    viewIndex: (_sql, digest) => {
      look(digest);
      return Promise.resolve(views.get(digest));
    },
    packageSet: () => Promise.reject(new Error("not asked here")),
    canonicalSets: (_sql, digests) => {
      digests.forEach(look);
      return Promise.resolve(new Map(digests.map((digest) => [digest, canonicalBytes(setOf("a 1-1"))])));
    },
  };
  return { cache: makeAnalysisCaches(content)(), looks };
}

describe("what analyses keep", () => {
  it("reads a view once, also for those who ask at the same time", async () => {
    const { cache, looks } = countingContent(new Map([["one", viewOf("a 1-1")]]));
    const [first, second] = await Promise.all([cache.view(sql, "one"), cache.view(sql, "one")]);
    expect(second).toBe(first);
    expect(await cache.view(sql, "one")).toBe(first);
    expect(looks).toEqual(["one"]);
  });

  it("looks again for a view that was not whole", async () => {
    const views = new Map<string, ViewIndex>();
    const { cache, looks } = countingContent(views);
    expect(await cache.view(sql, "one")).toBeUndefined();
    views.set("one", viewOf("a 1-1"));
    expect((await cache.view(sql, "one"))?.packages).toBe(1);
    expect(looks).toEqual(["one", "one"]);
  });

  it("compares the same views once, and others anew", async () => {
    const { cache } = countingContent(
      new Map([
        ["one", viewOf("a 1-1")],
        ["two", viewOf("a 2-1")],
      ]),
    );
    const one = await cache.view(sql, "one");
    const two = await cache.view(sql, "two");
    if (one === undefined || two === undefined) throw new Error("views are there");
    const both = await cache.compare([one, two]);
    expect(both.availability.counts).toMatchObject({ packages: 1, version: 1 });
    expect(await cache.compare([one, two])).toBe(both);
    expect(await cache.compare([one])).not.toBe(both);
  });

  it("reads a set once", async () => {
    const { cache, looks } = countingContent(new Map());
    const first = await cache.installed(sql, ["set", "other"]);
    const second = await cache.installed(sql, ["set", "third"]);
    expect(second.get("set")).toBe(first.get("set"));
    expect(looks).toEqual(["set", "other", "third"]);
  });
});
