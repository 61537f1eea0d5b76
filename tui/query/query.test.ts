import { describe, expect, it } from "vitest";
import { anEndpoint, aPool, counts, driftLine } from "../../test/support/tui-data.ts";
import { compileQuery, completeQuery } from "./query.ts";
import { DRIFT_VOCABULARY, ENDPOINT_VOCABULARY, POOL_VOCABULARY, vocabularyOf } from "./vocabularies.ts";

const FLEET = [
  anEndpoint("atlas", { labels: { role: "desk", Room: "North" } }),
  anEndpoint("borealis", { status: "behind", counts: counts({ older: 2 }) }),
  anEndpoint("cassini", { status: "diverged", isOnline: false, pool: "kiosks", labels: { role: "kiosk" } }),
  anEndpoint("Dawn", { status: "behind", isRebootRequired: true }),
];

function found(text: string): readonly string[] {
  return FLEET.filter(compileQuery(text, ENDPOINT_VOCABULARY).matches).map(({ name }) => name);
}

describe("a filter", () => {
  it.each<readonly [string, string, readonly string[]]>([
    ["leaves all when it says nothing", "  ", ["atlas", "borealis", "cassini", "Dawn"]],
    ["wants every word, in any case", "DAWN behind", ["Dawn"]],
    ["negates a word", "!behind -atlas", ["cassini"]],
    ["takes a field's values as alternatives", "status:behind,diverged", ["borealis", "cassini", "Dawn"]],
    ["negates a field", "!status:behind,diverged", ["atlas"]],
    ["negates a field by a minus", "-status:behind", ["atlas", "cassini"]],
    ["takes the beginning of a value while it is typed", "status:b", ["borealis", "Dawn"]],
    ["does not narrow by a field without a value yet", "status: atl", ["atlas"]],
    ["joins fields and words", "online:yes pool:stu name:a label:north", ["atlas"]],
    ["finds a label by name and value", "label:role=kiosk", ["cassini"]],
    ["knows what differs, reboots and presence", "kind:older", ["borealis"]],
    ["knows who needs a reboot", "reboot:yes", ["Dawn"]],
    ["ignores a lone sign", "- ! atlas", ["atlas"]],
  ])("%s", (_name, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it("means only itself by a whole word that begins another one", () => {
    const rows = ["install", "reinstall", "reason", "remove"].map((value) => ({ value }));
    const field = { name: "kind", about: "", values: ["in", "install"], of: ({ value }: { value: string }) => [value] };
    const vocabulary = { text: () => "", fields: [field] };
    expect(rows.filter(compileQuery("kind:in", vocabulary).matches)).toEqual([]);
  });

  it("tells what it does not understand and what it does, and tests by the rest", () => {
    const query = compileQuery("state:behind atlas", ENDPOINT_VOCABULARY);
    expect(query.problem).toBe(
      "there is no field state; there are status, pool, label, name, kind, online, reboot and inbox",
    );
    expect(FLEET.filter(query.matches).map(({ name }) => name)).toEqual(["atlas"]);
    expect(compileQuery("online:maybe", ENDPOINT_VOCABULARY).problem).toBe("online is never maybe; it is yes or no");
  });

  it("takes an epoch for a word, not for a field", () => {
    const rows = [driftLine("vim", { why: "the view has 1:9.1-1" }), driftLine("git")];
    const query = compileQuery("1:9", DRIFT_VOCABULARY);
    expect(query.problem).toBeUndefined();
    expect(rows.filter(query.matches).map(({ name }) => name)).toEqual(["vim"]);
  });

  it("finds pools by the statuses of their endpoints", () => {
    const pools = [aPool("studio"), aPool("kiosks", { mode: "mirror", counts: { ...aPool().counts, behind: 0 } })];
    expect(pools.filter(compileQuery("status:behind", POOL_VOCABULARY).matches).map(({ name }) => name)).toEqual([
      "studio",
    ]);
    expect(pools.filter(compileQuery("mode:mirror", POOL_VOCABULARY).matches).map(({ name }) => name)).toEqual([
      "kiosks",
    ]);
  });
});

describe("completion of a filter", () => {
  it.each<readonly [string, string, readonly string[]]>([
    ["offers fields", "sta", ["status:"]],
    ["keeps the sign", "atlas !onl", ["!online:"]],
    ["offers values of a field", "status:un", ["status:unknown"]],
    ["goes on after a comma, without what is there", "online:yes,", ["online:yes,no"]],
    ["offers nothing for free text", "name:at", []],
    ["offers nothing for an unknown field", "state:", []],
  ])("%s", (_name, before, expected) => {
    expect(completeQuery(before, vocabularyOf("pool"))).toEqual(expected);
  });
});
