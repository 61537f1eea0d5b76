import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ConfigurationFile, type ConfigurationWish, planConfiguration } from "./bar-configuration.ts";
import { barModule } from "./bar-module.ts";
import { parseJsonc } from "./jsonc.ts";
import { unifiedDiff } from "./text-diff.ts";

const module = barModule("pacpool", { kind: "this" });

function plan(text: string, more: Partial<ConfigurationWish> = {}, included: readonly ConfigurationFile[] = []) {
  const file = { path: "config.jsonc", text };
  return planConfiguration(file, {
    module,
    list: "modules-right",
    bar: undefined,
    renew: false,
    readIncluded: (named) => included.find(({ path }) => path === named),
    ...more,
  });
}

const after = (text: string, more: Partial<ConfigurationWish> = {}): string =>
  plan(text, more).changes[0]?.after ?? text;

const usual = `// -*- mode: jsonc -*-
{
    "layer": "top", // above windows
    "modules-left": ["sway/workspaces"],
    "modules-right": [
        // what I look at most
        "clock",
        "tray"
    ],
    /* the clock */
    "clock": {
        "format": "{:%H:%M}" // short
    } // end of it
}
`;

describe("the module in a person's configuration", () => {
  it("is put before the others of the list and behind the last module, and every comment stays", () => {
    const text = after(usual);
    expect(text).toContain(`    "modules-right": [
        // what I look at most
        "custom/pacpool",
        "clock",
        "tray"
    ],`);
    expect(text).toContain(`    "clock": {
        "format": "{:%H:%M}" // short
    }, // end of it
    "custom/pacpool": {
        "exec": "pacpool waybar",
        "return-type": "json",`);
    const gone = unifiedDiff("x", usual, text).filter((line) => line.startsWith("-"));
    expect(gone).toEqual(["--- x", "-    } // end of it"]);
  });

  it("is found there the second time, whatever its list, and nothing is changed", () => {
    expect(plan(after(usual))).toEqual({ changes: [], notes: [] });
    expect(plan(after(usual, { list: "modules-left" })).changes).toEqual([]);
    const grouped = '{"modules-left": ["group/a"], "group/a": {"modules": ["custom/pacpool"]}}';
    expect(after(grouped)).toContain('"modules-left": ["group/a"], "group/a"');
  });

  it.each([
    ['{"modules-right": ["a", "b"]}', '{"modules-right": ["custom/pacpool", "a", "b"], "custom/pacpool": {"exec"'],
    ['{\n\t"modules-right": [],\n}\n', '{\n\t"modules-right": ["custom/pacpool"],\n\t"custom/pacpool": {\n\t\t"exec"'],
    ["{}", '{\n    "modules-right": [\n        "custom/pacpool"\n    ],\n    "custom/pacpool": {\n        "exec"'],
    ['{\r\n  "a": 1 // x\r\n}', '{\r\n  "a": 1, // x\r\n  "modules-right": [\r\n    "custom/pacpool"\r\n  ],\r\n'],
  ])("keeps the layout of %j", (text, expected) => {
    expect(after(text).replaceAll('": "', '":"').replaceAll('{"exec', '{"exec')).toContain(
      expected.replaceAll('": "', '":"'),
    );
    expect(plan(after(text)).changes).toEqual([]);
  });

  it("goes to the first of several bars, and says so; to another, or to all, when that is wished", () => {
    const two = '[{"name": "top", "modules-right": []}, {"modules-right": ["tray"]}]';
    expect(plan(two).notes).toEqual(["it has 2 bars and the first one (top) gets the module; --bar takes 2 or all"]);
    expect(after(two)).toMatch(/^\[\{"name": "top", "modules-right": \["custom\/pacpool"\], "custom.*\["tray"\]\}\]$/);
    expect(after(two, { bar: "2" })).toMatch(
      /^\[\{"name": "top", "modules-right": \[\]\}.*\["custom\/pacpool", "tray"\]/,
    );
    expect(after(two, { bar: "all" }).match(/custom\/pacpool": \{/g)).toHaveLength(2);
    expect(() => after(two, { bar: "bottom" })).toThrow("has no bar bottom; --bar takes top, 2 or all");
  });

  it("goes where an included file has the list, and says which; the bar's own list goes before", () => {
    const included = { path: "modules.json", text: '{"modules-right": ["tray"]}' };
    const { changes, notes } = plan('{"include": ["modules.json", "gone.json"]}', {}, [included]);
    expect(changes.map(({ path }) => path)).toEqual(["modules.json", "config.jsonc"]);
    expect(changes[0]?.after).toBe('{"modules-right": ["custom/pacpool", "tray"]}');
    expect(notes).toEqual(["modules-right stands in modules.json, which is included"]);
    expect(plan('{"include": "modules.json", "modules-right": []}', {}, [included]).changes).toHaveLength(1);
  });

  it("leaves a module that a person changed, and replaces it only when that is wished", () => {
    const own = '{"modules-right": ["custom/pacpool"], "custom/pacpool": {"exec": "mine"}}';
    expect(plan(own)).toEqual({
      changes: [],
      notes: ["config.jsonc has a custom/pacpool of its own, which stays; --renew replaces it"],
    });
    expect(after(own, { renew: true })).toContain('"exec": "pacpool waybar"');
  });

  it.each([
    ["{", "line 1, column 2: a name in quotes is expected here"],
    ['{\n "a": tru }', "line 2, column 7: a value is expected here"],
    ['["a"]', "is not a bar or a list of bars"],
    ['{"modules-right": "clock"}', "modules-right is not a list"],
    ['{"a": 1} {', "something follows the end"],
  ])("is not guessed into %j", (text, why) => {
    expect(() => plan(text)).toThrow(why);
  });

  it("lands in any configuration so that WayBar finds it once, and nothing else is changed", () => {
    const name = fc.constantFrom("layer", "clock", "modules-left", "height", "a/b");
    const value = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.array(fc.string()),
      fc.boolean(),
      fc.dictionary(name, fc.string()),
    );
    const indent = fc.constantFrom(0, 2, 4, "\t");
    fc.assert(
      fc.property(fc.dictionary(name, value), indent, fc.option(fc.array(fc.string())), (bar, unit, list) => {
        const before = { ...bar, ...(list === null ? {} : { "modules-right": list }) };
        const text = after(JSON.stringify(before, null, unit));
        const { "custom/pacpool": put, "modules-right": right, ...rest } = JSON.parse(text) as Record<string, unknown>;
        expect(put).toEqual(module.value);
        expect(right).toEqual(["custom/pacpool", ...(list ?? [])]);
        const { "modules-right": _, ...others } = before as Record<string, unknown>;
        expect(rest).toEqual(others);
      }),
    );
  });
});

it("any text is read or refused with a place, never more", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.constantFrom("[".repeat(500), '"\\u12"', "/*", "nul")), (text) => {
      try {
        parseJsonc(text);
      } catch (error) {
        expect(String(error)).toMatch(/^JsoncError: line \d+, column \d+: /);
      }
    }),
  );
});
