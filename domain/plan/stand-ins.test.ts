import { expect, test } from "vitest";
import type { Provider } from "../view/requirement.ts";
import { standInWarnings } from "./stand-ins.ts";

const one = (name: string, version = "1-1", provides: readonly string[] = []): Provider => ({
  name,
  version,
  provides,
});
const target = (...packages: readonly Provider[]) => new Map(packages.map((item) => [item.name, item]));
const app = { name: "app", depends: ["library"] };
const standIn = one("library-git", "9-1", ["library=2"]);

test("who answers for a package that only the target has is named, with the newcomers that need it", () => {
  const coming = [app, { name: "tool", depends: ["library>=1"] }, { name: "other", depends: ["sh"] }];
  expect(standInWarnings({ after: [standIn, one("app")], coming, target: target(one("library")) })).toEqual([
    "library is not installed; library-git 9-1, which the target's repositories do not have, answers for it, and what comes was built beside library itself and may look for its libraries: app, tool",
  ]);
});

test("the package itself, a provider of the target and a name that is no package are no stand-ins", () => {
  const silent = (after: readonly Provider[], ...known: readonly Provider[]) =>
    expect(standInWarnings({ after, coming: [app], target: target(...known) })).toEqual([]);
  silent([one("library"), standIn], one("library", "2-1"));
  silent([standIn], one("library"), standIn);
  silent([standIn]);
  silent([standIn], one("library-git", "10-1"));
});

test("a provider of the target's repositories in another version than theirs is a stand-in", () => {
  const known = target(one("library"), one("library-git", "10-1", ["library=3"]));
  expect(standInWarnings({ after: [standIn], coming: [app], target: known })).toHaveLength(1);
});

test("many newcomers are counted", () => {
  const coming = Array.from({ length: 12 }, (_, index) => ({ name: `app${index}`, depends: ["library"] }));
  expect(standInWarnings({ after: [standIn], coming, target: target(one("library")) })[0]).toMatch(/ and 2 more$/);
});
